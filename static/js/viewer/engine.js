// pdf.js, fetched when the first document is opened: nobody waits for it on a page that shows none.
// Without eval and without WebAssembly, so that the content policy stays as it is; one worker for all documents of a page.
let started = null;

/** urls: {core, components, worker, assets}; hashed names by the template, but for the folder of CMaps and fonts. */
export function engine(urls) {
  started ??= start(urls).catch((problem) => {
    started = null; // the next try may have a network
    throw problem;
  });
  return started;
}

async function start({ core, components, worker, assets }) {
  const pdfjs = await import(core); // its components look for it in the global scope: one after the other
  const parts = await import(components);
  pdfjs.GlobalWorkerOptions.workerSrc = worker;
  const reader = new pdfjs.PDFWorker({ verbosity: pdfjs.VerbosityLevel.ERRORS });
  const options = {
    worker: reader,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
    cMapUrl: `${assets}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${assets}standard_fonts/`,
    wasmUrl: assets, // where the JPEG 2000 decoder in plain JavaScript is
    useWasm: false,
    isEvalSupported: false,
    enableXfa: false,
    maxImageSize: 1e8, // pixels; a page that holds more is a bomb, not a figure
  };
  return { pdfjs, parts, images: `${assets}images/`, open: (url) => pdfjs.getDocument({ ...options, url }) };
}
