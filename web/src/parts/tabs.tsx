// SPDX-License-Identifier: Apache-2.0
// Tabs that are links: each has an address of its own, so they work like any other link.
import type { ComponentChildren } from 'preact';

export interface Tab {
  id: string;
  label: ComponentChildren;
  href: string;
}

export function TabLinks({ label, tabs, current }: { label: string; tabs: Tab[]; current: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.id} href={tab.href} aria-current={tab.id === current ? 'page' : undefined}>
          {tab.label}
        </a>
      ))}
    </nav>
  );
}
