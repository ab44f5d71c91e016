"""Maps by Folium: the only import of it, and the only way from metres to the browser's degrees."""
