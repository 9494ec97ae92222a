import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { firstPaint } from '@/data/preferences'
import { Frame } from '@/sections/shell/Frame'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Live · Footfall', template: '%s · Footfall' },
  description: 'Who is visiting your shop right now, and from where.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: dark)', color: '#08090b' },
    { media: '(prefers-color-scheme: light)', color: '#f6f7f9' },
  ],
}

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <head>
        {/* Before the first paint, so that nobody sees the other theme flash. The server allows it by its hash. */}
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of our own, which must run before the first paint */}
        <script dangerouslySetInnerHTML={{ __html: firstPaint }} />
      </head>
      <body className="font-sans antialiased">
        <Frame>{children}</Frame>
      </body>
    </html>
  )
}
