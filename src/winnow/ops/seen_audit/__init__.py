"""Whether the filter of what users have had hides what it must, and how much else."""
