/* What a folium map of ours needs beside Leaflet: category shapes and names on canvas, cards built as text, sizes by zoom.
   Works from disk and inside a sandboxed frame: asks for nothing, keeps nothing. */
(function () {
  "use strict";

  const shapes = {
    circle: (c, x, y, r) => c.arc(x, y, r, 0, Math.PI * 2),
    square: (c, x, y, r) => c.rect(x - r * 0.89, y - r * 0.89, r * 1.78, r * 1.78),
    triangle: (c, x, y, r) => polygon(c, [[x, y - r * 1.16], [x + r * 1.13, y + r * 0.84], [x - r * 1.13, y + r * 0.84]]),
    diamond: (c, x, y, r) => polygon(c, [[x, y - r * 1.26], [x + r * 1.26, y], [x, y + r * 1.26], [x - r * 1.26, y]]),
    pentagon: (c, x, y, r) => polygon(c, [0, 1, 2, 3, 4].map((i) => {
      const a = (i * 72 - 90) * Math.PI / 180;
      return [x + Math.cos(a) * r * 1.13, y + Math.sin(a) * r * 1.13];
    })),
  };

  function polygon(c, points) {
    points.forEach((p, i) => (i ? c.lineTo(p[0], p[1]) : c.moveTo(p[0], p[1])));
    c.closePath();
  }

  /* A circle marker that draws another shape where the renderer is a canvas; elsewhere it stays a circle. */
  const Shape = L.CircleMarker.extend({
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._ctx) { return L.CircleMarker.prototype._updatePath.call(this); }
      if (!renderer._drawing || this._empty()) { return undefined; }
      const p = this._point;
      renderer._ctx.beginPath();
      shapes[this.options.shape](renderer._ctx, p.x, p.y, Math.max(this._radius, 1));
      renderer._ctx.closePath();
      renderer._fillStroke(renderer._ctx, this);
      return undefined;
    },
    _updateBounds() {
      const r = this._radius * 1.3 + 3;
      this._pxBounds = new L.Bounds(this._point.subtract([r, r]), this._point.add([r, r]));
    },
  });

  const face = '"PingFang SC","HarmonyOS Sans SC","Source Han Sans SC","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif';

  /* A name on the map: text with a halo, drawn, never a target. */
  const Name = L.CircleMarker.extend({
    _updatePath() {
      const c = this._renderer._ctx;
      if (!c || !this._renderer._drawing || this._empty()) { return; }
      const o = this.options, p = this._point;
      c.save();
      c.font = `${o.bold ? 600 : 400} ${o.size}px ${face}`;
      c.textAlign = "center";
      c.textBaseline = "middle";
      c.lineJoin = "round";
      c.lineWidth = 3.5;
      c.strokeStyle = o.halo;
      c.fillStyle = o.color;
      const chars = Array.from(o.text), gap = o.size * (1 + o.spacing), left = p.x - (chars.length - 1) * gap / 2;
      chars.forEach((char, i) => c.strokeText(char, left + i * gap, p.y));
      chars.forEach((char, i) => c.fillText(char, left + i * gap, p.y));
      c.restore();
    },
    _updateBounds() {
      const o = this.options, w = o.text.length * o.size * (1 + o.spacing) / 2 + 4, h = o.size;
      this._pxBounds = new L.Bounds(this._point.subtract([w, h]), this._point.add([w, h]));
    },
    _containsPoint() { return false; },
  });

  /* 1 at zoom 13; a whole district (11) draws at about two thirds, a street (16) a little larger. */
  function grow(zoom) {
    return Math.min(1.35, Math.max(0.5, 1 + (zoom - 13) * 0.15));
  }

  function point(feature, latlng, options) {
    const s = feature.properties.style;
    return new Shape(latlng, Object.assign({}, options, s, { baseRadius: s.radius }));
  }

  function name(feature, latlng, options) {
    return new Name(latlng, Object.assign({}, options, feature.properties.style, { radius: 1 }));
  }

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) { node.className = className; }
    if (text) { node.textContent = text; }
    return node;
  }

  function card(p) {
    const box = element("div", "pm-card");
    if (p.kind) { box.append(element("p", "pm-kind", p.kind)); }
    box.append(element("h2", "", p.title));
    if (p.rows && p.rows.length) {
      const list = element("dl");
      p.rows.forEach((row) => {
        const line = element("div");
        line.append(element("dt", "", row[0]), element("dd", "", row[1]));
        list.append(line);
      });
      box.append(list);
    }
    return box;
  }

  function describe(feature, layer) {
    const p = feature.properties;
    if (!p.title) { return; }
    layer.bindTooltip(() => element("span", "", p.title), { sticky: true, direction: "top", className: "pm-tip" });
    layer.bindPopup(() => card(p), { maxWidth: 280, minWidth: 200, closeButton: true });
    layer.on("popupopen", () => layer.closeTooltip());
    if (layer.options.baseWeight) {
      const swell = (more) => layer.setStyle({ weight: layer.options.baseWeight * grow(layer._map.getZoom()) + more });
      layer.on({ mouseover: () => swell(3), mouseout: () => swell(0) });
    }
  }

  /* The number of a pick: the same on the map and in the list. */
  function badge(feature, latlng) {
    const p = feature.properties;
    const mark = element("span", p.label ? "pm-badge pm-pill" : "pm-badge", p.label ? `${p.number}·${p.label}` : String(p.number));
    mark.setAttribute("data-kind", p.pick);
    return L.marker(latlng, {
      icon: L.divIcon({ className: "pm-pick", html: mark, iconSize: null }),
      title: p.title, alt: `${p.number} ${p.title}`, riseOnHover: true, zIndexOffset: 1000 - p.number,
    });
  }

  function resize(map) {
    const k = grow(map.getZoom());
    map.eachLayer((layer) => {
      const o = layer.options;
      if (o.baseRadius) { layer.setRadius(o.baseRadius * k); }
      if (o.baseWeight) { layer.setStyle({ weight: o.baseWeight * k }); }
    });
  }

  /* The legend floats over a wide map and stands below a narrow one: keep controls and contents clear of it. */
  function footHeight(box) {
    const foot = document.querySelector(".pm-foot");
    const floats = foot && getComputedStyle(foot).position === "absolute";
    const height = floats ? foot.offsetHeight + 12 : 0;
    box.style.setProperty("--pm-foot", `${height}px`);
    return height;
  }

  /* Before there is anything to draw: show `bounds`. */
  function fit(map, bounds) {
    const box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", document.title);
    // Leaflet moves focus to the map on a click; the ring is for the keyboard.
    box.addEventListener("pointerdown", () => box.setAttribute("data-pointer", ""), true);
    document.addEventListener("keydown", () => box.removeAttribute("data-pointer"), true);
    map.fitBounds(bounds, { paddingTopLeft: [20, 60], paddingBottomRight: [20, footHeight(box) + 20], animate: false });
    map.on("resize", () => footHeight(box));
  }

  /* When all is drawn: sizes follow the zoom, also of layers switched on later. */
  function ready(map) {
    map.on("zoomend overlayadd", () => resize(map));
    resize(map);
  }

  window.PufaMap = { badge, describe, fit, name, point, ready };
})();
