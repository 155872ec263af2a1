"""The leak doctor: does training, or a column, know of the time on which it is evaluated?"""
