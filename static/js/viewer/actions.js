// What the buttons and keys of the viewer do, by name; false leaves a key to the browser.

/** act(name) for a viewer's element. */
export function actions(viewer) {
  const turn = (to) => {
    const { stage } = viewer;
    if (to < 1 || to > stage.count) return;
    stage.page = to;
    viewer.toolbar.say();
  };
  const sideways = () => viewer.stage.scroller.scrollWidth > viewer.stage.scroller.clientWidth + 1; // then arrows scroll
  const does = {
    previous: (key) => (key && sideways() ? false : turn(viewer.stage.page - 1)),
    next: (key) => (key && sideways() ? false : turn(viewer.stage.page + 1)),
    first: () => turn(1),
    last: () => turn(viewer.stage.count),
    larger: () => viewer.stage.zoom(1),
    smaller: () => viewer.stage.zoom(-1),
    fit: () => (viewer.stage.fit(), viewer.toolbar.tell()),
    search: (key) => (!key && !viewer.finding.bar.hidden ? viewer.finding.close() : viewer.finding.open()),
    "found-next": () => (viewer.finding.bar.hidden ? viewer.finding.open() : viewer.finding.step(1)),
    "found-previous": () => (viewer.finding.bar.hidden ? viewer.finding.open() : viewer.finding.step(-1)),
    "find-close": () => viewer.finding.close(),
    thumbnails: () => viewer.thumbnails.toggle(),
    legend: () => viewer.querySelector(".pv-legend").showModal(),
    "legend-close": () => viewer.querySelector(".pv-legend").close(),
  };
  return (name, key = true) => does[name]?.(key);
}
