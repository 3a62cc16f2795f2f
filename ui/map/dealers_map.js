// What folium does not offer. The scripts of folium's elements call these functions.
const khMap = {
  // GeoJSON without events.
  addGeoJson(map, data, pane, className) {
    L.geoJson(data, {
      pane,
      interactive: false,
      style: { className },
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 5, interactive: false }),
    }).addTo(map);
  },
  // Translated zoom buttons, the attribution, and limits of panning and zooming.
  addControls(map, { zoom, credit, limits }) {
    L.control.zoom(zoom).addTo(map);
    map.attributionControl.setPrefix("Leaflet").addAttribution(credit);
    map.setMinZoom(map.getBoundsZoom(limits, true));
    map.setMaxBounds(limits);
  },
  build(draw) {
    if (window.L) draw();
    else document.querySelector(".failed").hidden = false;
  },
};
