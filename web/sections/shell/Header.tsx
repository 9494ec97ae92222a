'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { usePreference } from '@/data/preferences'
import { setUrl, useUrl, withParameters } from '@/data/url'
import { IconButton } from '@/ui/Button'
import { cn } from '@/ui/cn'
import { ThemeSwitch } from '@/ui/ThemeSwitch'
import { SiteSwitch } from './SiteSwitch'

const pages = [
  { href: '/', name: 'Live', below: [] },
  { href: '/analytics', name: 'Analytics', below: ['/country', '/product'] },
] as const satisfies readonly { href: string; name: string; below: readonly string[] }[]

export function Header() {
  const path = usePathname()
  const url = useUrl()
  const [streamer, setStreamer] = usePreference('streamer')
  const search = withParameters(url.toString(), { wall: null, details: null, id: null, name: null })
  return (
    <header className="sticky top-0 z-40 border-b border-line bg-page/80 backdrop-blur-md [html[data-wall]_&]:hidden">
      <div className="mx-auto flex h-14 max-w-[100rem] items-center gap-1 px-4 sm:gap-2 sm:px-6">
        <Link
          href={`/${search}`}
          className="mr-1 flex items-center gap-2 rounded-lg font-semibold tracking-tight sm:mr-4"
          aria-label="Footfall: live view"
        >
          <Mark />
          <span className="hidden sm:inline">Footfall</span>
        </Link>
        <nav aria-label="Main" className="flex items-center gap-0.5">
          {pages.map((page) => (
            <Link
              key={page.href}
              href={`${page.href}${search}`}
              {...(path === page.href && { 'aria-current': 'page' as const })}
              className={cn(
                'rounded-lg px-2.5 py-1.5 text-sm transition-colors',
                path === page.href || page.below.some((one) => one === path) ? 'bg-raised text-ink' : 'text-muted hover:text-ink',
              )}
            >
              {page.name}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-0.5">
          <SiteSwitch />
          <IconButton
            icon={streamer === 'on' ? 'eyeOff' : 'eye'}
            label="Hide money"
            pressed={streamer === 'on'}
            onClick={() => setStreamer(streamer === 'on' ? '' : 'on')}
          />
          {path === '/' && <IconButton icon="screen" label="Wall display" className="max-sm:hidden" onClick={() => setUrl({ wall: '' })} />}
          <ThemeSwitch />
        </div>
      </div>
    </header>
  )
}

/** A footstep that is a place on a map. */
function Mark() {
  return (
    <svg viewBox="0 0 24 24" width={22} height={22} aria-hidden>
      <circle cx="12" cy="12" r="11" fill="none" stroke="var(--line-strong)" strokeWidth="1" />
      <circle cx="12" cy="12" r="6.500" fill="none" stroke="var(--accent)" strokeOpacity=".45" strokeWidth="1.500" />
      <circle cx="12" cy="12" r="2.800" fill="var(--accent)" />
    </svg>
  )
}
