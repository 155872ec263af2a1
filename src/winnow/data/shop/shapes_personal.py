"""Outlines of stationery and of what stands in a bathroom; `outline` says how to read them."""

PERSONAL = {
    "notebook": """
        dark box 24 12 80 90 3
        paper box 26 12 79 87.5 2
        body box 22 10 77 87 3
        trim poly 22 12 30 10 30 87 22 85
        trim line 1.8 68 10 68 87
        paper box 37 24 61 38 1
        ink line .7 41 29 57 29
        ink line .7 41 33 53 33
        trim poly 50 87 55 87 55 96 52.5 93 50 96
    """,
    "fountain pen": """
        metal poly 26 66 34 74 12 90 10 88
        ink line .6 11 89 26 74
        dark dot 23.5 77 1
        trim poly 24.5 64 32 57.5 42.5 68 36 75.5
        body poly 33 56 74 14 86 26 44 67.5
        body blob 73 15! 80 9 88 10 91 15 91 21 85 27!
        metal line 1.8 35 55 45.5 66
        metal line 1.6 62 26 74 38
        metal line 2 80 21 60 44
        metal dot 60 44 1.6
    """,
    "organiser": """
        body box 14 44 86 86 2.5
        pale line 3 30 44 26 16
        glow poly 24.5 16 27.5 15.6 25 9
        wood line 3 38 46 39 20
        dark poly 37.5 20 40.5 20 39.2 13
        metal ring 63 26 4.4 6 1.8
        metal ring 74 24 4.4 6 1.8
        metal line 2 65 32 71 46
        metal line 2 72 30 65 46
        body box 14 44 86 86 2.5
        trim box 14 58 50 86 2
        trim box 54 70 86 86 2
        ink line .8 50 45 50 58
        metal box 26 64 38 69 .8
        pale line .9 17 48 47 48
    """,
    "folder": """
        trim blob 12 26! 14 22! 38 22! 43 29! 86 29! 88 32! 88 84! 12 84!
        paper poly 20 34 84 30 86 60 20 60
        paper poly 18 38 80 36 82 60 18 60
        ink line .6 24 43 60 42
        body blob 8 44! 10 42! 90 42! 92 44! 87 84! 85 86! 15 86! 13 84!
        dark line 1 78 42 80 86
        pale box 24 54 46 64 1
    """,
    "brush": """
        paper comb 26 63 12 52 68 1.4
        dark comb 27 62 11 52 64 1
        body blob 20 42 26 34 46 32 66 36 78 42 90 41 95 45 93 50 80 50 66 52 46 55 26 53
        trim blob 22 50! 44 48 68 50! 64 54 46 56 26 54
        metal dot 90 45.5 1.2
        pale wire .9 27 39 44 36 60 38
    """,
    "mirror": """
        body line 8 50 64 50 92
        trim line 8.4 50 66 50 69
        trim dot 50 93 4.2
        body ell 50 38 29 30
        trim ring 50 38 23.5 24.5 1.2
        sky ell 50 38 22.6 23.6
        paper line 2.4 38 44 54 24
        paper line 1.2 45 48 60 30
    """,
    "soap dish": """
        glow blob 28 46 34 34 50 31 66 34 72 46 66 54 50 55 34 54
        paper ell 50 40 14 4
        sky ring 68 26 4.4 4.4 .8
        sky ring 76 18 3 3 .8
        sky ring 62 18 2.2 2.2 .8
        trim ell 50 56 39 8
        body blob= 11 56! 16 70 30 78! 50 79
        ink line= .7 22 60 24 72
        ink line* .7 33 62 34 75
        ink line* .7 44 63 44.4 77
        trim box* 28 77 36 82 1
    """,
    "comb": """
        body comb 12 88 24 44 78 2
        body blob 8 46! 9 34 26 26 50 23 74 26 91 34 92 46! 50 48
        ink line .6 12 46 88 46
        pale wire .9 18 35 36 30 52 28
        trim ell 50 36 12 3.6
    """,
}
