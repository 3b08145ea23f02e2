"""The template's dashboard as one page that a browser shows without a network (`make dashboard`).

The rooms, outermost first:

- `command`: from the running stack to a file. `page`: widgets into HTML.
- `widgets`: a dashboard's body, parsed. `insights`: its log queries. `chart`: one SVG. `numbers`: figures for people.
"""
