"""The handbooks' pictures: a site of its own is started, each shot is taken as its role would see it and kept small."""
