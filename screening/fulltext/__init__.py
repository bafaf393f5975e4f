"""From a PDF to text that knows its place: pages, words with boxes, quotes and numbers in them. Pure, no database.

`reading` is the reader and works in the process that calls it; `child` runs it with limits, and is what a worker uses,
because a PDF from anywhere can crash, hang or swell whatever opens it. `locate` finds quotes and numbers again,
`passages` picks what a model gets to see of a text that is too long for it.
"""
