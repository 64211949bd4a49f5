/** A path that is no page. */

import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { Empty } from './Page'

export function NotFound() {
  return (
    <Empty title="There is no such page">
      <Anchor component={Link} to="/" underline="always">
        Go to the start
      </Anchor>
    </Empty>
  )
}
