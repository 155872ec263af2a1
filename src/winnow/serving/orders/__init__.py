"""What all workers of a service have to do, in one sequence."""
