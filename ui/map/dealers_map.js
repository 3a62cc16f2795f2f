// Functions for the scripts of the folium elements in dealers_map.py.
const khMap = {
  // Add GeoJSON without events.
  addGeoJson(map, data, pane, className) {
    L.geoJson(data, {
      pane,
      interactive: false,
      style: { className },
      pointToLayer: (_, latLng) => L.circleMarker(latLng, { radius: 5, interactive: false }),
    }).addTo(map);
  },
  // Add translated zoom buttons, the attribution, and limits of panning and zooming.
  addControls(map, { zoom, credit, limits }) {
    L.control.zoom(zoom).addTo(map);
    map.attributionControl.setPrefix("Leaflet").addAttribution(credit);
    map.setMinZoom(map.getBoundsZoom(limits, true));
    map.setMaxBounds(limits);
  },
  // Run the map's script, or show a message if Leaflet did not load.
  build(run) {
    if (window.L) run();
    else document.querySelector(".failed").hidden = false;
  },
};
