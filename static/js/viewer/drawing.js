// What pdf.js' queue may draw.

/** A page may still be on its way when its document is left; pdf.js would draw it without its content, and complain. */
export function drawOnlyPagesOf(view) {
  const queue = view.renderingQueue;
  const render = queue.renderView.bind(queue);
  const left = (page) => !page.pdfPage && view.getPageView(page.id - 1) !== page;
  queue.renderView = (drawn) => !left(drawn.pageView ?? drawn) && render(drawn); // pageView: of a detail of a page
}
