"""report.html: one file with the numbers of a run and its examples, to be opened offline."""
