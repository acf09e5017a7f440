// ---- The view that the fragment names is shown when all parts of the page are there.

restore();
