"""The template's dashboard as one page that a browser shows without a network (`make dashboard`).

Modules, outermost first:

- `command`: from the running stack to a file. `page`: widgets into HTML. `chart`: one SVG.
- `sources`: what each widget shows, read from the local AWS. `log_query`: the query of a log widget.
- `widgets`: a dashboard's body, parsed. `numbers`: figures for people.
"""
