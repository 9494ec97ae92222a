'use client'

import { useEffect } from 'react'
import { usePreference } from '@/data/preferences'
import { iconButton } from './Button'
import { Icon } from './Icon'

const systemTheme = () => (window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark')

/** From dark to light and back. Until somebody presses it, the system decides. */
export function ThemeSwitch() {
  const [theme, setTheme] = usePreference('theme')
  useEffect(() => {
    const media = window.matchMedia('(prefers-color-scheme: light)')
    const set = () => {
      document.documentElement.dataset.theme = theme === '' ? systemTheme() : theme
    }
    set()
    media.addEventListener('change', set)
    return () => media.removeEventListener('change', set)
  }, [theme])
  const press = () => setTheme((theme === '' ? systemTheme() : theme) === 'dark' ? 'light' : 'dark')
  return (
    <button type="button" aria-label="Toggle theme" title="Toggle theme" onClick={press} className={iconButton}>
      <Icon name="sun" className="[[data-theme=light]_&]:hidden" />
      <Icon name="moon" className="[[data-theme=dark]_&]:hidden" />
    </button>
  )
}
