/** A path that is no page. */

import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Page } from './Page'

export function NotFound() {
  return (
    <Page title="There is no such page">
      <Text>
        <Anchor component={Link} to="/" underline="always">
          Go to the start
        </Anchor>
      </Text>
    </Page>
  )
}
