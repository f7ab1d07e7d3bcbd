"""Who fits which vacancy, and why: whoever may work here by the start, by what the work asks for and nothing else."""
