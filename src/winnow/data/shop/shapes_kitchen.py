"""Outlines of what is in a kitchen and on a table; `outline` says how to read them."""

KITCHEN = {
    "kettle": """
        wood arc 48 40 22 24 180 360 3.6
        body blob 72 52! 80 48 86 38 92 36! 94 41 88 52 82 66 74 72!
        body blob= 50 38 34 40 24 52 20 70 22 84 28 88! 50 88
        trim blob= 50 34 40 36 36 42! 50 44
        wood dot 50 32 3.2
        ink wire= .8 23 80 32 83 50 83.5
    """,
    "skillet": """
        wood line 5.4 64 62 90 86
        metal line 4.6 58 56 67 65
        body ell 40 40 29 29
        trim ell 40 40 24 24
        dark ell 40 40 22.4 22.4
        metal dot 88 84 1.2
        pale arc 40 40 18 18 200 260 1.2
        paper blob 33 33 42 30 51 35 50 46 40 51 31 46 30 39
        glow ell 41 40 5.4 5
    """,
    "teapot": """
        body arc 24 58 13 14 80 280 4.4
        body blob 68 66! 78 62 80 50 86 40 94 38! 96 43 92 56 84 72 70 78!
        body blob= 50 38 36 40 26 50 24 64 30 79 38 85! 50 85
        trim blob= 50 34 40 35 35 41! 50 44
        trim dot 50 31.5 3.4
        trim box 38 84.5 62 88 1
        pale wire .9 32 54 30 64 34 74
    """,
    "grinder": """
        metal wire 2.2 50 22 62 18 74 20
        wood dot 77 19 4.2
        metal blob= 50 22 40 24 34 34 34 40! 50 40
        trim box 30 40 70 46 1
        body poly= 33 46 30 82
        trim box 25 81 75 88 1.5
        ink box 39 60 61 76 1
        body box 39.8 60.8 60.2 75.2 .8
        metal dot 50 68 1.8
    """,
    "casserole": """
        trim box 6 54 22 60 3
        trim box 78 54 94 60 3
        body blob= 13 50! 14 66 18 80 26 84! 50 84.5
        trim blob= 50 35 34 37 20 42 12 49! 50 51
        body box 11 47.5 89 52.5 2
        metal dot 50 32.5 3.8
        ink wire= .8 17 76 26 79 50 79.5
        pale wire .9 20 58 22 68 25 74
    """,
    "bowl": """
        trim ell 50 44 38 9
        dark ell 50 44.4 34.6 7
        body blob= 12 44! 15 62 28 78 42 81! 50 81
        trim box 39 80 61 85.5 1
        body arc 50 44 37 8.6 4 176 2
        pale wire .9 19 56 25 66 34 73
    """,
    "carafe": """
        pale ell 50 20 10.5 3
        body blob= 40 20! 43 30 44 40 34 52 27 68 28 82 34 88! 50 89
        trim blob= 28.5 66! 27 76 30 84 35 86.5! 50 87 50 66
        trim box 42.4 35 57.6 39.5 1
        trim ring 50 20 10.5 3 1.2
        pale wire 1 36 56 31.5 66 32 76
    """,
    "platter": """
        body ell 50 54 40 27
        trim ring 50 54 36 23.5 1.4
        pale ell 50 54 28 17.4
        body ell 50 54 26.6 16.2
        pale wire 1 18 48 24 40 34 34
        trim blob* 14 50! 8 48 6 54 8 60 14 58!
    """,
    "mug": """
        body arc 74 54 13 15 -100 100 5
        body blob= 27 28! 28 60 30 80 36 86! 50 86.5
        trim ell 50 28 23 5
        dark ell 50 28.4 20.4 3.6
        trim wire= 1.2 30 80 38 82.5 50 82.8
        pale wire 1 32 38 32.6 54 34 70
        glow wire .9 42 20 39 15 43 10 40 5
        glow wire .9 54 20 51 15 55 10 52 5
    """,
}
