/** The account: who is signed in, signing out here and everywhere, and the tour once more. */

import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'

import { useSession, useSignOut } from '../../api/session'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { Page } from '../../ui/Page'
import { ProblemNote } from '../../ui/ProblemNote'
import { useSignOutEverywhere } from '../signOutEverywhere'
import { TourSteps } from '../Tour'

export function Account() {
  const session = useSession()
  const signOut = useSignOut()
  const everywhere = useSignOutEverywhere()
  const [isTouring, tour] = useDisclosure()
  const error = signOut.error ?? everywhere.error
  return (
    <Page title="Account" about={session?.account.email}>
      <Card withBorder component="section">
        <Title order={2} size="h3" mb="xs">
          Signing out
        </Title>
        <Stack>
          <Text>
            Signing out ends this session. Signing out everywhere ends it on every device, and every token as
            well; use it when you have lost a device.
          </Text>
          {error && <ProblemNote error={error} />}
          <Group>
            <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
              Sign out
            </Button>
            <ConfirmButton
              label="Sign out everywhere"
              question="Sign out everywhere?"
              explain="Every session of your account ends at once, this one too. Your agents go on working; pause them under My Agents if they shall not."
              danger
              loading={everywhere.isPending}
              onConfirm={() => everywhere.mutate()}
            />
          </Group>
        </Stack>
      </Card>
      <Card withBorder component="section">
        <Title order={2} size="h3" mb="xs">
          The tour
        </Title>
        <Group>
          <Button variant="default" onClick={tour.open}>
            Show the tour
          </Button>
        </Group>
      </Card>
      <TourSteps opened={isTouring} onEnd={tour.close} />
    </Page>
  )
}
