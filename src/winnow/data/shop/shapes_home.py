"""Outlines of lamps, seats, tables and textiles; `outline` says how to read them."""

HOME = {
    "lantern": """
        metal arc 50 22 15 14 180 360 1.8
        body poly= 43 18 32 32
        trim box 30 31 70 35 1
        glow box 34 35 66 78 1
        pale blob 50 46 45 58 46 67 50 70 54 67 55 58
        paper box 46 68 54 78 .5
        body box* 32 35 36 78 .5
        body line 1.6 50 35 50 42
        ink line* .9 43 35 43 78
        body box 28 77 72 86 2
        trim box 31 86 69 89 1
    """,
    "pendant": """
        trim box 43 6 57 9.5 1
        dark line 1 50 9 50 30
        trim box 46 28 54 36 1.5
        body blob= 46 35! 42 42 27 47 18 66! 50 66
        glow ell 50 66 32 4.6
        paper ell 50 68.5 8 7
        ink ring 50 66 32 4.6 .8
        pale wire .9 31 51 25 57 23 62
    """,
    "spotlight": """
        dark box 28 86 68 90 2
        trim line 3.4 48 86 48 62
        trim wire 2.8 27 46 34 62 48 66 60 58 62 44
        body poly 16 26 60 10 74 56 30 66
        body blob 16 26! 9 36 16 54 30 66!
        trim poly 56 11.5 62 9.3 76 55.4 70 57.5
        glow ell 69 32.4 8 24 -17
        paper ell 69 32.4 4.4 13 -17
        metal ell 44 40 2.8 2.8
        ink wire .9 27 24 33 42 34 63
        ink wire .9 22 27 26 44 29 61
    """,
    "uplighter": """
        glow ell 50 13 15 4.4
        body blob= 30 14! 34 24 43 29! 50 29
        pale ell 50 14 20 3.6
        glow ell 50 14 16.4 2.3
        metal line 2 50 29 50 92
        trim ell 50 31 4 2
        trim ell 50 60 2.4 1.6
        body blob= 50 90 37 91 33 96! 50 97
    """,
    "armchair": """
        wood poly* 27 80 32 80 30 92 27.5 92
        body blob= 50 14 34 15 27 24 27 62! 50 62
        ink line .6 50 22 50 52
        body blob* 32 44 24 39 14 42 13 52 17 82! 31 82!
        body blob= 50 52 32 52 30 58 31 68! 50 68
        trim box 29 66 71 82 2
        pale ell* 21.5 49 4.6 5
        ink dot 42 30 1.2
        ink dot 58 30 1.2
        ink dot 42 42 1.2
        ink dot 58 42 1.2
    """,
    "stool": """
        wood poly 33 40 38 40 29 92 24.5 92
        wood poly 62 40 67 40 75.5 92 71 92
        wood poly 47.8 42 52.2 42 51.8 94 48.2 94
        trim line 2 30.5 72 69.5 72
        body blob= 50 27 30 28 24 34 25 41 32 44 50 45
        pale wire= 1 27 36 34 40 50 41
    """,
    "rocker": """
        wood wire 3 14 80 28 89 50 92 72 89 90 78
        wood line 2.6 32 62 29 89
        wood line 2.6 68 62 72 89
        wood line 3 70 60 80 14
        wood line 2.4 30 46 30 62
        body blob 66 58! 72 16! 82 12! 84 18 77 62!
        body blob 26 56! 24 62 28 67 76 67 79 60 74 56!
        wood wire 3.2 26 45 42 43 70 45
        ink wire .8 73 22 71 40 69 56
    """,
    "bench": """
        wood poly* 17 58 23 58 21 90 16 90
        wood box* 20 30 24 60 .5
        body box 14 28 86 36 1.5
        body box 14 40 86 48 1.5
        body box 10 56 90 61 1.5
        trim box 11 61 89 66 1.2
        trim line 2 22 78 78 78
        metal dot 22 32 .9
        metal dot 78 32 .9
        metal dot 22 44 .9
        metal dot 78 44 .9
    """,
    "sofa": """
        wood poly* 14 78 19 78 17.5 87 14.5 87
        body blob= 50 30 26 30 18 34 17 60! 50 60
        ink line .8 50 31 50 56
        body box 18 54 50 66 2.5
        body box 50 54 82 66 2.5
        trim box 12 65 88 79 2
        body blob* 20 46 12 44 7 48 7 56 9 79! 19 79!
        pale poly 62 38 76 35 79 50 65 53
        ink line .6 69 37 71 52
    """,
    "desk": """
        dark poly 16 44 20 44 19 90 16.5 90
        dark poly 80 44 84 44 83.5 90 81 90
        body box 52 44 84 62 1
        ink line .8 52 53 84 53
        metal dot 68 48.5 1.4
        metal dot 68 57.5 1.4
        body box 9 36 91 44 1.5
        trim box 9 42 91 44.6 .5
        metal line 1.4 26 36 30 22
        metal line 1.4 30 22 38 17
        pale poly 34 13 43 16 38 24 32 20
        paper box 52 32 70 34 .4
        trim box 53 30 69 32 .4
        dark box 24 34.5 33 36.4 .4
    """,
    "sideboard": """
        wood poly* 16 76 21 76 18 90 15 90
        trim box 8 38 92 42.5 1
        body box 10 42 90 77 1.5
        ink line .9 37 43 37 76
        ink line .9 63 43 63 76
        ink line .7 37 53.5 63 53.5
        ink line .7 37 64.5 63 64.5
        metal dot 33 59 1.5
        metal dot 67 59 1.5
        metal line 1.2 47 48.5 53 48.5
        metal line 1.2 47 59 53 59
        metal line 1.2 47 70 53 70
        pale blob 20 38! 18 31 21 27 20 22 25 22 24 27 27 31 25 38!
        leaf wire 1.2 22 22 18 16 17 12
        leaf wire 1.2 23 22 24 15 27 11
        leaf ell 17 11 2 3.4 -20
        leaf ell 28 10 2 3.4 30
    """,
    "trolley": """
        metal line 1.8 20 26 24 84
        metal line 1.8 80 26 76 84
        metal wire 2 80 26 84 20 90 19
        body blob= 50 46 18 46 17 52! 50 52.5
        trim line 1.8 19 38 81 38
        body box 21 70 79 76 1.5
        trim line 1.6 22 62 78 62
        pale box 34 30 42 46 1.5
        trim box 36.5 24 39.5 31 .6
        pale blob 52 46! 54 38 60 36 66 38 68 46!
        dark ring 25 87.5 4 4 1.8
        dark ring 75 87.5 4 4 1.8
    """,
    "nightstand": """
        wood poly* 29 80 34 80 31.5 92 29 92
        trim box 23 40 77 45 1
        body box 26 45 74 81 1.5
        ink box 29.5 48.5 70.5 61 1
        body box 30.3 49.3 69.7 60.2 .8
        dark box 30 65 70 77.5 .8
        pale box 34 71 58 74 .4
        trim box 36 68.2 60 71 .4
        metal dot 50 55 1.7
        glow poly= 45.5 19 40 32
        metal line 1.6 50 32 50 38
        metal ell 50 39 5 1.4
    """,
    "rug": """
        paper comb 20 80 20 26 18 .8
        paper comb 20 80 20 82 90 .8
        body box 17 24 83 84 .8
        trim frame 21 28.5 79 79.5 2
        pale frame 25.5 33.5 74.5 74.5 .8
        trim poly= 50 42 38 54 50 66
        pale poly= 50 48 44 54 50 60
    """,
    "blanket": """
        body box 16 66 84 80 6
        body box 16 53 84 67 6
        body box 16 40 84 54 6
        trim box 15 28 85 41 6
        ink wire .8 20 41 50 40.5 80 41
        ink wire .8 20 54 50 53.5 80 54
        ink wire .8 20 67 50 66.5 80 67
        body poly 58 29 76 29 76 78 58 78
        pale line .9 61 29 61 78
        pale line .9 73 29 73 78
        paper comb 58 76 8 78 86 .9
    """,
    "cushion": """
        trim ell* 17 20 3 3
        trim ell* 17 82 3 3
        body blob= 50 23 32 22 17 18! 22 36 23 51 22 66 17 84! 32 80 50 79
        ink wire= .7 50 26 33 25 21 22
        trim dot 50 51 2.4
        ink wire .6 50 51 44 46 40 44
        ink wire .6 50 51 57 46 60 45
        ink wire .6 50 51 47 57 45 61
    """,
    "curtain": """
        metal line 2 8 13 92 13
        metal dot 8 13 2.6
        metal dot 92 13 2.6
        body blob* 14 15! 47 15! 46 30 40 46 26 58! 22 62 30 74 31 90! 14 90!
        ink wire* .7 22 17 21 36 19 58 19 88
        ink wire* .7 30 17 29 34 23 56 24 88
        ink wire* .7 38 17 37 32 25 58
        trim poly* 13.4 57 28 56 28 61 13.4 62
        metal ring 18 13 1.6 2.4 .9
        metal ring 26 13 1.6 2.4 .9
        metal ring 34 13 1.6 2.4 .9
        metal ring 42 13 1.6 2.4 .9
        metal ring 58 13 1.6 2.4 .9
        metal ring 66 13 1.6 2.4 .9
        metal ring 74 13 1.6 2.4 .9
        metal ring 82 13 1.6 2.4 .9
    """,
}
