// Starts fetching the map's data while the page is still being read; map.js takes it from here.
window.mapData = fetch(document.querySelector('meta[name=map-data]').content);
