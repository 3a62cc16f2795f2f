// What folium has no word for. The scripts of folium's elements call these functions.
const khMap = {
  // GeoJSON that is only looked at: no element of it takes a click.
  addPicture(map, data, pane, className) {
    L.geoJson(data, {
      pane,
      interactive: false,
      style: { className },
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 5, interactive: false }),
    }).addTo(map);
  },
  // Named buttons, the credit, and no way out to where nothing is drawn.
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
