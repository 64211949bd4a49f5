/** What is connected: exchange accounts, accounts on platforms, and where notifications are sent. */

import { Button, Group } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useCanGoBack, useParams, useRouter } from '@tanstack/react-router'

import { Page } from '../../ui/Page'
import { ChannelsSection } from '../connections/ChannelsSection'
import { ExchangeSection } from '../connections/ExchangeSection'
import { platformIn } from '../connections/platforms'
import { PlatformsSection } from '../connections/PlatformsSection'

export function Connections() {
  const { kind, provider } = useParams({ strict: false }) as { kind?: string; provider?: string }
  const platform = kind === 'platform' ? platformIn(provider) : undefined
  return (
    <Page
      title="Connections"
      about="Keys and tokens go straight into the vault. They are never shown again, not even to you."
    >
      {kind !== undefined && <WayBack />}
      <ExchangeSection key={`exchange-${kind}`} startsOpen={kind === 'exchange'} />
      <PlatformsSection key={`platform-${platform ?? 'none'}`} asked={platform} />
      <ChannelsSection />
    </Page>
  )
}

/** Who came from a form goes back to it; what was typed there is kept. */
function WayBack() {
  const { history } = useRouter()
  if (!useCanGoBack()) return null
  return (
    <Group>
      <Button
        variant="default"
        leftSection={<IconArrowLeft size={16} aria-hidden />}
        onClick={() => history.back()}
      >
        Back to the form
      </Button>
    </Group>
  )
}
