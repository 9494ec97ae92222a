'use client'

import { useState } from 'react'
import { ApiError, recordVisit } from '@/data/api'
import { complete, flagOf, nameOf } from '@/data/countries'
import { number } from '@/data/format'
import { useLive } from '@/data/live/live'
import { Card, CardHeader } from '@/ui/Card'
import { useToast } from '@/ui/Toasts'
import { VanishInput } from '@/ui/VanishInput'
import { Flag } from './Flag'

const examples = [
  'Enter a country, such as Germany',
  'Or a country code, such as JP',
  'Names in your language work too',
  'Press Enter to record a visit',
]

const suggest = (text: string) =>
  complete(text).map((code) => ({
    value: code,
    text: nameOf(code),
    content: (
      <>
        <Flag code={code} />
        <span className="truncate">{nameOf(code)}</span>
        <span className="ml-auto font-mono text-xs text-faint uppercase">{code}</span>
      </>
    ),
  }))

const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Counts a visit by hand, through the same door as a shop. */
export function RecordVisit() {
  const { site } = useLive()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const send = async (text: string) => {
    setBusy(true)
    try {
      const { country, visits } = await recordVisit(site, text.trim(), newKey())
      toast({
        kind: 'good',
        title: `${flagOf(country)} ${nameOf(country)}`,
        text: `${number(visits)} ${visits === 1 ? 'visit' : 'visits'} in total`,
      })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      toast({ kind: 'bad', title: 'Visit not recorded', text: error.message })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card className="z-10 p-5">
      <CardHeader title="Record a visit" />
      <div className="mt-2">
        <VanishInput label="Record a visit from a country" placeholders={examples} suggest={suggest} onSend={send} busy={busy} />
      </div>
    </Card>
  )
}
