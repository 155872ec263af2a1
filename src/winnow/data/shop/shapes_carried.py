"""Outlines of bags, hats, jewelry and watches; `outline` says how to read them."""

CARRIED = {
    "backpack": """
        trim wire* 4 33 28 21 44 24 74
        trim arc 50 15 7 6 180 360 2.6
        body blob= 50 12 36 14 29 24 27 50 27 82 32 87 50 88
        trim blob= 50 56 36 57! 34 62 34 80 38 83 50 84
        ink line= .9 36 62 50 62
        body blob= 50 14 37 16 31 26 31 42 50 46
        ink wire= .9 31 40 38 45 50 46
        metal box 47.5 42 52.5 49 1
        trim box* 26 62 32 82 2
        metal line* 1 42 62 42 65.5
    """,
    "tote": """
        trim wire= 3 37 44 38 20 44 12 50 11
        body poly= 24 36 19 88
        trim poly= 24 36 23.4 42
        ink line .8 23.6 42.5 76.4 42.5
        trim poly* 34.5 40 39.5 40 39.5 52 37 54.5 34.5 52
        ink wire* .6 24.5 60 23.5 72 22 86
        paper box 44 62 56 71 1
    """,
    "satchel": """
        trim wire= 2.6 19 44 22 18 38 9 50 8
        body box 16 36 84 84 5
        trim blob= 16 36! 15 34 20 33 50 33
        body blob= 16.5 34! 15.5 52 19 62 30 65 50 65
        ink wire= .8 18.5 58 22 61 31 62.5 50 62.5
        trim box* 30 34 36.5 72 1
        metal box* 29 61 37.5 68 1.2
        dark box* 31.5 63 35 66 .5
        trim box 44 30 56 35 2
        ink line .8 20 79 80 79
    """,
    "duffel": """
        trim wire= 2.8 34 58 34 30 40 22 50 21
        body blob= 50 38 28 38 14 41 9 52 9 66 14 77 28 80 50 80
        trim blob* 12 42! 9 52 9 66 12 76! 18 78! 18 40!
        ink line 1.2 20 44 80 44
        metal line 1 28 44 72 44
        trim box* 31.5 40 36.5 80 .6
        trim wire= 2.8 34 60 37 46 43 43.5 50 43
        trim box 44 40.5 56 46 2
        ink box 40 60 60 74 1.5
        body box 40.8 60.8 59.2 73.2 1.2
    """,
    "beanie": """
        pale ell 50 17 8 8
        body blob= 50 22 34 26 24 42 23 66! 50 66
        trim blob= 20 64! 19 70 21 80! 50 82
        ink wire* .7 44 24 37 42 36 64
        ink wire* .7 38 26 29 42 28 64
        ink line .7 50 24 50 64
        ink line* .7 27 66 28 79
        ink line* .7 35 66 35.5 80
        ink line* .7 43 66 43 80.5
        ink line .7 50 66 50 81
    """,
    "fedora": """
        trim blob= 50 68 26 68 12 60 6 62 12 72 28 79 50 80
        body blob= 50 29 44 26 36 25 30 34 28 66! 50 71
        trim blob= 28.8 56! 28 66! 38 70 50 71 50 61 38 60 28.8 56
        dark blob= 28.7 57! 28 65! 38 69 50 70 50 62.5 38 61.5
        ink wire= .8 39 32 44 40 50 42
        pale blob 68 60! 72 44 78 36! 77 50 72 63!
    """,
    "beret": """
        dark line 2.6 52 24 55 17
        body blob 14 56 12 44 26 30 50 24 74 28 90 42 88 56 76 64 50 68 28 66
        trim blob 27 64 26 70 34 75 50 77 64 74 72 66 60 69 42 69
        ink wire .8 52 25 36 36 30 52
        ink wire .8 52 25 62 36 66 54
        ink wire .8 52 25 76 34 84 46
    """,
    "cap": """
        body blob 24 64! 24 44 36 28 54 27 72 34 80 48 80 64! 52 61
        trim blob 26 62! 50 60 80 64! 60 68 38 78 16 82 8 78 12 68
        ink wire .8 54 27 44 42 42 61
        ink wire .8 54 27 68 42 70 62
        trim ell 54 26.5 2.8 2
        dark ell 50 37 1 1
        dark ell 62 38 1 1
        ink wire .7 14 75 26 72 50 65
    """,
    "bracelet": """
        trim ring 50 52 33 24 2
        body beads 50 52 33 24 15 5.6
        metal ell 50 76 3.4 4.6
        metal line 1 50 80 50 85
        body ell 50 88 3 3
    """,
    "necklace": """
        metal wire= 1.4 26 10 24 34 36 56 50 62
        metal wire= 1.4 20 14 18 42 34 66 50 73
        metal box 47 58 53 63 1
        body poly 50 64 62 74 50 92 38 74
        pale poly 50 64 56 74 50 92 44 74
        body ell* 31 62 3.4 3.4
        body ell* 39 69 3 3
        body ell* 24 52 3 3
    """,
    "brooch": """
        metal line 1.6 18 82 82 20
        body beads 50 50 20 20 7 12.5
        trim beads 50 50 11 11 7 7
        pale ell 50 50 7 7
        metal ring 50 50 7 7 1.4
        metal ell 50 50 2.4 2.4
    """,
    "ring": """
        metal ring 50 63 23 23 5.4
        trim ring 50 63 23 23 1.2
        metal poly= 38 40 43 46
        body poly= 40 16 30 27 50 46
        pale poly= 44 16.5 42 27 50 45
        ink line= .7 30 27 50 27
        ink line* .7 40 16 43 27
        ink line* .7 43 27 50 45.5
    """,
    "diver": """
        body poly= 39 8 37 28
        body poly= 37 72 40 93
        ink line* .7 43 9 42.5 28
        ink line* .7 43.5 92 42.5 72
        metal ell 50 50 25 25
        metal box 74 46 80 54 1.5
        dark ell 50 50 22.6 22.6
        paper ticks 50 50 21 18.4 12 1.2
        body ell 50 50 16.6 16.6
        paper beads 50 50 13 13 12 1.2
        paper line 1.8 50 50 43 43
        paper line 1.4 50 50 61 44
        metal ell 50 50 1.6 1.6
        metal poly 47.5 28 52.5 28 50 32
    """,
    "chronograph": """
        body poly= 40 8 38 28
        body poly= 38 72 40 93
        metal box 74 46.5 80 53.5 1.2
        metal box 70 34 77 39 1
        metal box 70 61 77 66 1
        metal ell 50 50 25 25
        body ell 50 50 22 22
        paper ticks 50 50 20.8 18.8 12 .8
        pale ell 41 51 5.6 5.6
        pale ell 59 51 5.6 5.6
        pale ell 50 61 5.6 5.6
        ink line .8 41 51 43 47.5
        ink line .8 59 51 57 48
        ink line .8 50 61 53 62
        dark line 1.6 50 50 45 38
        dark line 1.2 50 50 63 39
        metal ell 50 50 1.4 1.4
    """,
    "field watch": """
        body box 41 6 59 95 2
        ink line* .6 43.5 8 43.5 30
        ink line* .6 43.5 70 43.5 94
        trim box 39.5 24 60.5 30 1
        trim box 39.5 71 60.5 77 1
        metal ell 50 50 20.5 20.5
        metal box 69 47 74 53 1
        paper ell 50 50 17.6 17.6
        dark ticks 50 50 16.4 13.4 12 1.1
        trim beads 50 50 10.4 10.4 12 .7
        dark line 1.9 50 50 43.6 46
        dark line 1.5 50 50 52.5 37.5
        dark ell 50 50 1.5 1.5
        dark ell 50 83 .9 .9
        dark ell 50 88 .9 .9
    """,
    "regulator": """
        body poly= 40 8 37 28
        body poly= 37 72 40 93
        metal box 74 46.5 79 53.5 1.2
        metal box 26 26 74 74 7
        body box 29.5 29.5 70.5 70.5 5
        pale ell 50 40 8 8
        pale ell 50 60.5 8 8
        ink ticks 50 40 7.4 5.8 12 .5
        ink ticks 50 60.5 7.4 5.8 12 .5
        paper ticks 50 50 19.4 18 24 .7
        dark line 1.2 50 40 46.5 36
        dark line 1.2 50 60.5 54.5 59
        paper line 1.2 50 50 37 56
        metal ell 50 50 1.4 1.4
    """,
}
