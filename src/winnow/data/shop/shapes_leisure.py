"""Outlines of what is for the garden, journeys, music and play; `outline` says how to read them."""

LEISURE = {
    "planter": """
        leaf wire 1.6 50 50 49 30 50 20
        leaf blob 50 48! 38 44 30 32 28 20! 40 26 48 36
        leaf blob 50 48! 62 44 70 32 73 18! 60 26 52 36
        leaf blob 50 46! 43 32 44 18 50 6! 56 18 57 32
        leaf blob 48 50! 34 52 24 48 16 40! 30 38 42 42
        leaf blob 52 50! 66 52 76 48 84 38! 70 38 58 42
        body poly= 30 52 35 86
        trim box 26 47 74 55 1.5
        metal line* 1.8 37 85 33 94
    """,
    "trowel": """
        wood line 7.4 68 31 84 14
        dark line 7.8 66 33 69 30
        dark dot 84.5 13.5 1.2
        metal wire 3.2 67 32 60 36 56 45
        body blob 58 43! 66 53 62 64 44 82 22 92! 14 88 20 70 36 50 48 40
        ink wire 1 54 48 42 62 26 82
        pale wire 1 48 46 36 58 28 70
    """,
    "hammock": """
        wood wire= 3.6 6 30 10 66 26 86 50 88
        wood line* 3.4 30 84 24 94
        paper line* .9 7 32 22 50
        paper line* .9 7 32 18 54
        paper line* .9 7 32 27 47
        body blob= 27 46! 17 55! 24 68 36 75 50 77
        trim blob= 27 46! 36 57 50 60 50 64 34 62 20 52!
        pale blob 24 47! 32 43 40 52 38 58 28 54
        paper comb 28 72 12 70 80 .7
    """,
    "birdhouse": """
        wood line 4 50 76 50 96
        body poly= 50 24 28 46 28 80
        trim poly= 50 14 20 44 25 49 50 24
        dark ell 50 51 7 7
        ink ring 50 51 7 7 1.1
        wood line 2 50 65 57 66
        trim box 25 79 75 84 1
        pale line .8 33 50 33 77
        pale line .8 67 50 67 77
    """,
    "tent": """
        dark line 1 24 46 4 86
        dark line 1 76 46 96 86
        wood line 1.8 50 22 50 14
        trim poly 50 20 62 24 94 80 88 86
        body poly= 50 20 12 86
        dark poly= 50 34 39 86
        trim blob* 50 34! 44 60 38 74 33 86! 42 86! 47 66
        pale line .9 50 21 50 34
        ink line* .7 49 22 22 86
        metal line* 1.6 4 83 4 89
    """,
    "canteen": """
        trim wire= 2.4 33 30 30 18 38 9 50 8
        body ell 50 58 30 30
        trim ring 50 58 23 23 1.4
        metal box 42 17 58 28 2
        ink line .7 42 20.5 58 20.5
        ink line .7 42 24 58 24
        trim poly= 44 28 41 31.5
        dark line 1 58 22 66 31
        pale arc 50 58 26.6 26.6 190 240 1.4
        metal dot 50 58 3
    """,
    "lounger": """
        wood line 2.8 12 66 84 66
        wood line 2.8 22 66 16 88
        wood line 2.8 64 66 76 88
        wood line 2.8 76 66 64 88
        wood line 2.6 54 64 84 26
        body blob 10 58! 10 64 52 64 56 60 86 27 87 20! 80 22 50 56
        pale blob 74 34! 82 23 88 19! 90 25 80 38!
        ink wire .8 14 61 50 60 54 57
        trim line 1 28 58 28 63
        trim line 1 42 57.5 42 63
    """,
    "windbreak": """
        body poly 10 32 37 30 37 74 10 76
        trim poly 37 30 63 33 63 77 37 74
        body poly 63 33 90 30 90 74 63 77
        wood line 2.4 10 22 10 92
        wood line 2.4 37 20 37 90
        wood line 2.4 63 22 63 93
        wood line 2.4 90 20 90 90
        pale line .9 11 36 36 34
        pale line .9 64 37 89 34
    """,
    "ukulele": """
        wood poly= 46.8 16 46.8 50
        dark poly= 47.2 20 47.2 52
        wood poly= 45 6 46.6 18
        metal dot 43.4 9 1.4
        metal dot 43.9 14 1.4
        metal dot 56.6 9 1.4
        metal dot 56.1 14 1.4
        body blob= 50 45 38 46 34 54 39 62 30 72 31 84 40 92 50 93
        dark ell 50 60 6 6
        pale ring 50 60 6.6 6.6 1
        dark box 42 78 58 80.6 .6
        paper line .4 48.4 16 47.6 79
        paper line .4 49.5 16 49.2 79
        paper line .4 50.5 16 50.8 79
        paper line .4 51.6 16 52.4 79
    """,
    "tambourine": """
        body ring 50 52 34 34 9
        pale ell 50 52 28 28
        trim ring 50 52 29.5 29.5 1
        metal beads 50 52 34 34 8 4.2
        dark beads 50 52 34 34 8 1
    """,
    "kalimba": """
        body blob= 50 14 32 15 22 22 24 56 26 84 34 90 50 91
        dark ell 50 70 8 8
        pale ring 50 70 8.6 8.6 1
        metal box* 32 20 34.6 42 .8
        metal box* 37 20 39.6 48 .8
        metal box* 42 20 44.6 54 .8
        metal box 48.7 20 51.3 60 .8
        dark box 28 26 72 29.5 1
        wood box 28 32 72 35 1
    """,
    "recorder": """
        body poly 78 10 90 20 34 78 25 70
        trim poly 76 13 88 23 80 31.5 68.5 22
        trim poly 29.5 65 38.5 73.5 22 91 13 83
        pale poly 82 6.5 93 16 90 20 78 10
        dark poly 78 22 81.5 25 78.5 28.2 75 25
        dark dot 66.5 35.5 1.5
        dark dot 60.5 41.5 1.5
        dark dot 54.5 47.7 1.5
        dark dot 48.5 53.8 1.5
        dark dot 42.5 60 1.5
        dark dot 26 77 1.3
        pale line .9 73 26 35 66
    """,
    "puzzle": """
        body blob 12 36! 30 36! 28 28 36 22 44 28 42 36! 62 36! 62 53! 70 51 76 58 70 65 62 63! 62 88! 12 88! 22 65
        pale wire .9 15 39 20 39 26 39
        trim poly 64 14 76 20 90 12 94 40 80 46 68 40
        trim dot 65 27 5
        trim dot 80 44 5
    """,
    "kite": """
        body poly 58 8 84 36 44 74 30 30
        trim poly 58 8 84 36 54 42
        trim poly 30 30 54 42 44 74
        wood line 1.2 58 8 44 74
        wood line 1.2 30 30 84 36
        ink wire .9 44 74 50 82 40 88 30 84 22 90 12 88
        trim poly 49 79 55 84 47 86
        trim poly 30 80 36 88 27 88
        trim poly 14 84 19 93 10 91
    """,
    "yoyo": """
        paper wire 1.2 50 30 58 16 50 4 44 10 50 14
        dark ell 56 60 29 29
        trim ell 53 60 29 29
        body ell 47 60 29 29
        pale ring 47 60 20 20 1.6
        trim ell 47 60 11 11
        metal ell 47 60 4 4
        pale arc 47 60 24.6 24.6 190 240 1.4
    """,
    "pull toy": """
        paper wire 1.2 80 72 88 76 92 86 96 84
        wood dot 96 84 2.4
        body blob 16 40! 26 44 40 42 54 42 58 30 62 20 72 18 82 24 92 32! 90 37 78 39 74 46 74 66 70 74! 22 74! 18 60
        trim blob 30 50 44 46 54 52 50 62 36 64
        dark dot 72 27 1.8
        glow poly 84 26 95 31 92 37 82 34
        trim box 14 73 80 78 2
        dark ell 27 82 8 8
        pale ell 27 82 5.4 5.4
        metal dot 27 82 1.8
        dark ell 67 82 8 8
        pale ell 67 82 5.4 5.4
        metal dot 67 82 1.8
    """,
    "marionette": """
        wood line 2.6 26 10 74 10
        wood line 2.6 50 5 50 15
        ink line .4 28 10 27 52
        ink line .4 72 10 73 52
        ink line .4 44 10 44 26
        ink line .4 56 10 56 26
        ink line .4 36 10 40 76
        ink line .4 64 10 60 76
        body line* 5 40 45 27 53
        wood dot 26 54 3
        wood dot 74 54 3
        trim line* 5.4 45 66 40 86
        dark ell* 38 88 5 2.6
        body poly= 43 40 37 68
        glow ell 50 31 9.4 9.4
        trim blob= 50 12 45 20 40 28! 50 25
        dark dot 46.6 31 1.1
        dark dot 53.4 31 1.1
        ink wire= .7 46 35 48 36.6 50 37
        paper dot 50 48 1
        paper dot 50 55 1
    """,
}
