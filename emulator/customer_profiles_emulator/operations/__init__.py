"""What each operation of the service does: an input that is valid by the model in, its output or a refusal out.

`table` lists the operations with their handlers; the other modules are named by what their operations are about.
"""
