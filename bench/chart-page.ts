import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../scripts/lib/checkout.mjs'
import { type Static, serveStatic } from './static'

/** serveChartPage bundles the product's chart component beside a bare uPlot into a page of its own. */
export async function serveChartPage(): Promise<Static> {
  const bundled = await build({
    entryPoints: [join(root, 'bench', 'pages', 'chart.tsx')],
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    tsconfig: join(root, 'tsconfig.json'),
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  })
  const text = (end: string): string => bundled.outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
  return serveStatic({
    '/': {
      type: 'text/html',
      body: `<!doctype html><meta charset="utf-8"><title>Charts</title><style>${text('.css')}</style><body><script src="/chart.js"></script>`,
    },
    '/chart.js': { type: 'text/javascript', body: text('.js') },
  })
}
