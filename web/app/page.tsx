import { Live } from '@/sections/live/Live'

export default function LivePage() {
  return <Live />
}
