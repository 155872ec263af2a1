"""Outlines of clothes and shoes; `outline` says how to read them."""

WORN = {
    "parka": """
        body blob* 36 27! 24 36 14 64! 25 69! 37 47
        trim poly* 14.4 62.5 25.8 67.5 24.5 72 13 67
        body blob= 38 25! 32 28! 32 55 28 87!
        pale blob= 50 7 38 10 34 20 37 29 44 33 50 34
        dark blob= 50 13 43 16 42 24 46 29 50 30
        ink line .9 50 34 50 87
        trim box* 33 62 45 75 2
        ink line* .7 33 66 45 66
        trim line .9 31 54 69 54
    """,
    "blazer": """
        body blob* 36 23! 26 31 18 70! 28.5 73! 38 45
        body blob= 41 18! 34 23! 35 48 31 80! 42 82! 50 80
        paper poly= 42 18 50 50
        trim poly* 42.5 16 40 18.5 36 32 40 34 38 38 50 52
        ink line .9 50 51 50 81
        metal ell 47 57 1.4 1.4
        metal ell 47 66 1.4 1.4
        trim box* 34.5 63 44 66.5 .6
        paper poly 57 41 63 38.5 63 42 57 42.5
        metal ell* 21 68 .8 .8
    """,
    "anorak": """
        body blob* 35 27! 22 36 13 66! 24.5 70! 37 47
        dark line* 2.2 13.5 65.5 24 69.5
        body blob= 38 25! 32 28! 33 50 31 80!
        trim blob= 50 8 40 11 36 22 39 29 50 34
        dark blob= 50 15 44 18 43 25 50 30
        trim poly= 37 52 33 62 33 72
        ink line* .8 37 52 33 62
        trim poly= 47 31 47 50
        metal line 1 50 30 50 49
        paper line* .7 47 30 45.5 42
        dark line 1.6 31.5 77 68.5 77
    """,
    "bomber": """
        body blob* 36 25! 22 30 13 52 15 66! 25 69! 34 56 38 46
        trim poly* 15 64 25.5 67.5 24.5 73 14.5 70
        body blob= 40 22! 33 25! 31 48 30 68!
        trim poly= 31 67 33 76
        trim blob= 40 23! 43 17 50 16
        dark blob= 43.5 21! 50 19
        metal line 1.2 50 22 50 76
        ink line* .9 36 50 41 61
        ink line* .5 36 68.5 36.5 75.5
        ink line* .5 42 68.5 42 75.5
    """,
    "sundress": """
        body line* 1.8 42 12 41.5 30
        body blob= 50 30 45 27 40 27! 39 36 42 47! 36 64 23 84! 36 88 50 89
        trim poly= 41.8 45 41.6 49.5
        ink wire* .6 44 51 41 70 37 86
        ink wire* .6 48 51 47.5 70 47 87
        trim line* 1.2 46.5 50 43 60
    """,
    "gown": """
        body blob= 50 23 45 18 40 20! 40 30 43 41 37 54 36 68 20 92! 36 95 50 96
        trim poly= 42.5 40 42.4 44
        ink wire* .6 43 50 42 70 31 93
        ink wire* .6 48 50 48 74 44 94
        pale ell 50 42 2 2
        pale wire* .8 40 20.5 45 18.6 50 23
    """,
    "pinafore": """
        paper blob* 37 20! 26 25 22 36 31 41 38 38
        paper poly= 42 16 37 20 38 50
        dark blob= 50 22! 44 16.2! 50 15.4
        body poly* 39 18.5 43.5 17 44 36 39.5 36
        body box 39 33 61 52 1.5
        body blob= 39 50! 32 66 26 84! 38 87 50 87.5
        trim poly= 38.7 49 38.3 53
        trim box* 35 60 44 71 2
        metal ell* 41.7 36 1.2 1.2
    """,
    "kaftan": """
        body blob= 44 15! 34 18 10 30! 13 58! 31 48! 29 68 28 90!
        trim poly* 10 30 13.5 28.6 16.5 56.6 13 58
        trim poly= 44 15 50 44
        dark poly= 45.8 14.8 50 36
        pale line 1 50 44 50 90
        trim poly= 28.1 86 28 90
        pale line* .8 31 48 30.5 84
    """,
    "polo": """
        body blob* 36 23! 24 29 17 44! 30 51! 37 42
        trim poly* 17 44 30 51 30.8 48.5 18.3 41.5
        body blob= 41 20! 34 23! 34 50 33 82! 50 83
        trim poly= 47 22 47 42
        dark poly= 43 19.5 50 26
        trim blob* 42 17! 38 22! 45 30! 50 24!
        paper ell 50 29 .9 .9
        paper ell 50 34 .9 .9
        paper ell 50 39 .9 .9
        ink line .6 33.3 79.5 66.7 79.5
    """,
    "tunic": """
        body blob* 37 20! 25 30 16 58! 28 63! 38 43
        trim poly* 16.6 56 29 61.5 28 64.5 15.6 59.5
        body blob= 43 17! 35 21! 36 44 29 90! 50 91
        dark blob= 44 17! 46 23 50 25
        trim blob= 42 17! 45 26 48 36! 50 38
        dark blob= 44 17! 46 23 50 33!
        trim line 1 28.8 87 71.2 87
        ink line* .9 31.5 76 29 90
    """,
    "henley": """
        body blob* 37 22! 27 30 17 68! 26.5 71! 38 44
        trim poly* 17.4 65.5 27 68.7 26 74 16 71
        body blob= 42 19! 35 22! 35 50 34 83! 50 84
        dark blob= 43 19! 50 22.5
        trim wire= 2.2 42.5 19.5 46 23 50 24
        trim poly= 47.4 24 47.4 47
        paper ell 50 29 1 1
        paper ell 50 35 1 1
        paper ell 50 41 1 1
        ink wire* .8 36.5 23 37 33 36.5 43
    """,
    "blouse": """
        body blob* 38 22 27 22 20 35 19 55 23 61! 31 62! 35 48 38 42
        trim poly* 22 60 31.5 61.5 31 66 22.5 65
        body blob= 43 19! 37 22! 40 44 41 56! 36 66 31 80! 40 83 50 83.5
        trim poly= 41 54 40.6 58
        dark blob= 44 19! 50 21
        trim blob= 43.5 18! 45 23 50 25!
        trim blob* 50 26! 41 20 38 26 41 32!
        trim blob* 50 26! 44 36 42 44! 47.5 43!
        pale ell 50 26.5 2.2 2.4
        ink wire* .6 44.5 59 42 72 40 81
    """,
    "sneaker": """
        body blob 12 62! 15 54 30 49 44 42 51 32! 60 36 68 37 78 31! 84 33 87 48 88 65! 60 68 30 67
        trim blob 68 37! 78 31! 85 34 88 65! 74 66! 74 50
        pale blob 12 63! 14 55 25 51! 31 57 31 66!
        dark blob 51 32! 58 36.5 68 37.3 78 31! 66 30.5
        paper blob 9 64! 12 61.5 30 64 60 64.5 89 62! 91 66 90 72! 60 74 14 73!
        trim line .9 10 68.5 90 68.5
        paper line 1.5 39 46.5 46 52
        paper line 1.5 44 42.5 51 48
        paper line 1.5 48.5 37.5 56 43.5
        paper wire 2.2 56 62 64 56 73 51
    """,
    "loafer": """
        body blob 9 64! 12 56 22 51 38 48 44 43 52 41! 68 47 84 41! 89 47 89 66! 50 68 20 67
        dark blob 46 42.5! 60 47.5 84 41! 66 41
        trim blob 36 49! 44 43 52 41! 56 52 52 60 44 60
        ink wire .8 14 60 24 54 36 54 43 60
        metal line 1.8 40.5 53 54 48.5
        trim poly 9 64 89 65 90 70 72 70 71 69 11 69.5
        dark poly 72 69 90.5 69 90.5 75 73 75
        dark poly 10 69 72 69 72 71.5 12 72
    """,
    "boot": """
        body blob 12 74! 15 66 28 62 42 58 47 48 46 16! 76 16! 75 40 80 60 80 76! 50 78
        trim box 44 12 78 22 3
        trim blob 12 75! 14 66 25 62.5! 31 69 31 76!
        dark blob 10 76! 40 77 82 76! 82 86! 62 86! 60 82 12 83!
        paper line 1.3 47 32 57 34
        paper line 1.3 47 39 57 41
        paper line 1.3 47 46 57 48
        paper line 1.3 44 52 54 55
        ink wire .8 58 24 58.5 46 55 60 48 66
        trim line 2 75 13 80 8
    """,
    "sandal": """
        trim blob 7 70! 8 66 20 65 50 66 72 61 88 60 92 63 91 70! 60 72 30 73
        dark blob 7 70! 30 72 60 71 91 69! 91 73! 60 75.5 30 76 8 75!
        body wire 3.6 73 61 75 50 82 45 88 50 89 61
        body line 3.4 76 49 64 40
        body poly 61 37 67 35 80 63 73 63
        body poly 19 66 27 50 37 50 42 66
        body poly 41 66 46 48 54 45 60 64
        metal box 65 45.5 72 51.5 1.2
        metal dot 32 56 1.2
        metal dot 50 53 1.2
    """,
    "clog": """
        wood blob 8 66! 10 60 40 62 60 63 78 66! 92 64! 92 76! 76 76! 72 73 30 75 10 73!
        body blob 9 63! 9 52 18 43 36 38 54 35! 62 42 64 64! 40 64
        dark blob 54 35! 62 42 64 64! 70 63 68 46 60 36
        metal ell 14 63 1 1
        metal ell 24 63.5 1 1
        metal ell 34 64 1 1
        metal ell 44 64.3 1 1
        metal ell 54 64.5 1 1
        ink wire .8 20 46 34 52 36 63
        trim wire 2.6 55 37 61 43 63 63
    """,
}
