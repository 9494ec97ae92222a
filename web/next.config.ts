import type { NextConfig } from 'next'

/** Where `npm run dev` passes the calls of the API on to: a running Footfall. */
const footfall = process.env.FOOTFALL_URL ?? 'http://localhost:3030'

const shared: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // Checked by `npm test`: a build of the server need not do it again.
  typescript: { ignoreBuildErrors: true },
}

export default process.env.NODE_ENV === 'production'
  ? { ...shared, output: 'export' as const, images: { unoptimized: true } }
  : {
      ...shared,
      // Compression would hold back the live stream.
      compress: false,
      rewrites: async () => ['/api/:path*', '/demo', '/demo/:path*', '/footfall.js', '/footfall-pageviews.js', '/healthz', '/metrics'].map((source) => ({ source, destination: `${footfall}${source}` })),
    }
