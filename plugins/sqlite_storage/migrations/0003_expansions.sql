-- SPDX-License-Identifier: Apache-2.0
-- What a lister (`ctest`) found on a commit. The header row is there also when it found nothing.
CREATE TABLE expansions (
  environment TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  lister TEXT NOT NULL,
  PRIMARY KEY (environment, "commit", lister)
) STRICT, WITHOUT ROWID;

CREATE TABLE expansion_runs (
  environment TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  lister TEXT NOT NULL,
  place INTEGER NOT NULL,
  scenario TEXT NOT NULL,
  path TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  expanded_from TEXT NOT NULL,
  PRIMARY KEY (environment, "commit", lister, place),
  FOREIGN KEY (environment, "commit", lister) REFERENCES expansions (environment, "commit", lister) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
