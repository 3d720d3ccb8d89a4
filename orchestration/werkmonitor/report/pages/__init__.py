"""One module a kind of page: which figures and sentences it has, in which order. No HTML, no drawing, no reading."""
