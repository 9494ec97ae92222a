'use client'

import { useEffect } from 'react'
import { usePreference } from '@/data/preferences'
import { IconButton } from './Button'

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
    <>
      <IconButton icon="sun" label="Light theme" onClick={press} className="hidden [[data-theme=dark]_&]:inline-flex" />
      <IconButton icon="moon" label="Dark theme" onClick={press} className="hidden [[data-theme=light]_&]:inline-flex" />
    </>
  )
}
