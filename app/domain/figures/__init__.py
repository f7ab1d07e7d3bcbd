"""What is counted of the region, in which periods, by which questions: every dashboard is made of these cells alone."""
