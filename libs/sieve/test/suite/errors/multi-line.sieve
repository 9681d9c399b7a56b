redirect text:
x@example.org
