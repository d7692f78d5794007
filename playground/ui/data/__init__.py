"""The region of the data: panels, tools, tables of points, imports."""
