"""Colours and shapes of the map: those of tokens.css, which a test holds them to."""

CATEGORY_STYLE = {
    "government": ("square", "#194c91"),
    "school": ("triangle", "#b06528"),
    "park": ("circle", "#2b8b7c"),
    "mall": ("diamond", "#8c0950"),
    "village": ("pentagon", "#423107"),
}
OTHER_STYLE = ("circle", "#6b7480")  # the rest is one grey: a sixth and seventh colour could not be told apart
SCORE_RAMP = ("#e3efea", "#b4d5d2", "#78b0c0", "#3f83ab", "#1b568e", "#0d2c5e")
LAND, BLOCK, GREEN, WATER = "#f3f4f1", "#eaece7", "#dfeadd", "#d3e2ec"
ROAD, ROAD_EDGE = "#ffffff", "#d9dcd6"
LABEL, WATER_LABEL, HILL_LABEL = "#4d5662", "#3c5f7c", "#4a6a50"
EDGE = "#26384f"  # around pale scores: every mark is ≥ 3:1 on land, green and water
ROUTE_PLAIN = "#788daa"  # a route without a score
PICK, PICK_BODY, PICK_SCREEN = "#0b2751", "#14478f", "#3a6fb8"

# The shapes of static/geo/map.js, as SVG paths for the legend.
SHAPE_PATHS = {
    "square": "M-5.5-5.5h11v11h-11z",
    "triangle": "M0-7.2L7 5.2H-7z",
    "circle": "M-6.2 0a6.2 6.2 0 1 0 12.4 0a6.2 6.2 0 1 0-12.4 0z",
    "diamond": "M0-7.8L7.8 0L0 7.8L-7.8 0z",
    "pentagon": "M0-7L6.7-2.2L4.1 5.7H-4.1L-6.7-2.2z",
}
