"""The engines that are open at one moment: the one that answers, and those beside it."""
