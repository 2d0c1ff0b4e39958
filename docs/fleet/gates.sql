-- The gates of docs/guide/rollout.md over the ledgers of a fleet, in plain SQL that DuckDB and Spark run unchanged.
--
-- Input: `lines`, the rows of docs/formats/rollout-ledger.md with absent keys null (DuckDB: read_json, Spark: read.json), and
-- `features(feature, template, classes)`: the template's name and the number of declared input classes.
-- Output: one row for each key: counts, bounds at 95 %, and `evidence`: 'open', or the code of the first demand that is not met.
-- What no ledger knows (kill drill, waivers in force, legacy gone, noise without a rule, times on the caller's thread) is asked of `ferrule rollout gate`.
--
-- SQL has no beta quantile. An upper bound is Garwood's limit of a Poisson count divided by n, never below the exact one; for no event it is
-- exact, 1 - 0.05^(1/n). Above 100 events it is 1: such a key is burned anyway.
WITH garwood AS (
  SELECT k, upper_count FROM (VALUES
    (0, 2.9957322735539895), (1, 4.743864518390577), (2, 6.295793621871988), (3, 7.753656527932725),
    (4, 9.153519026637573), (5, 10.513034908741535), (6, 11.842395652420288), (7, 13.148113802432116),
    (8, 14.434649715196311), (9, 15.705216422115459), (10, 16.962219235721903), (11, 18.207514250903657),
    (12, 19.442569329915028), (13, 20.668569075713695), (14, 21.886485912871095), (15, 23.097129760139236),
    (16, 24.301183683647082), (17, 25.499230082855323), (18, 26.691770311484678), (19, 27.87923963944351),
    (20, 29.062018840434014), (21, 30.240443291168223), (22, 31.414810205704082), (23, 32.58538445178491),
    (24, 33.7524032747706), (25, 34.916080169924065), (26, 36.076608083511545), (27, 37.23416207965468),
    (28, 38.38890157803075), (29, 39.54097224392437), (30, 40.69050759444955), (31, 41.83763037136048),
    (32, 42.98245372061548), (33, 44.12508221093706), (34, 45.26561271744033), (35, 46.404135191553856),
    (36, 47.54073333462162), (37, 48.67548518951648), (38, 49.808463662141925), (39, 50.93973698271794),
    (40, 52.069369115136936), (41, 53.197420121361255), (42, 54.3239464867538), (43, 55.44900141134224),
    (44, 56.5726350712777), (45, 57.69489485413342), (46, 58.81582557117277), (47, 59.93546964928357),
    (48, 61.05386730490971), (49, 62.17105670200203), (50, 63.287074095747165), (51, 64.40195396360883),
    (52, 65.51572912502435), (53, 66.62843085093408), (54, 67.74008896417976), (55, 68.85073193168535),
    (56, 69.96038694922787), (57, 71.06908001951322), (58, 72.17683602419254), (59, 73.28367879038372),
    (60, 74.38963115220244), (61, 75.49471500775242), (62, 76.5989513719781), (63, 77.70236042574102),
    (64, 78.80496156144451), (65, 79.9067734254989), (66, 81.0078139578905), (67, 82.10810042909245),
    (68, 83.20764947453206), (69, 84.30647712680998), (70, 85.40459884584746), (71, 86.50202954712248),
    (72, 87.5987836281407), (73, 88.69487499327438), (74, 89.79031707709026), (75, 90.88512286627775),
    (76, 91.97930492027822), (77, 93.07287539070872), (78, 94.16584603966452), (79, 95.25822825697925),
    (80, 96.35003307651378), (81, 97.44127119154001), (82, 98.53195296928033), (83, 99.6220884646587),
    (84, 100.71168743331475), (85, 101.80075934392904), (86, 102.88931338990307), (87, 103.97735850043516),
    (88, 105.0649033510299), (89, 106.15195637347605), (90, 107.23852576532552), (91, 108.3246194989035),
    (92, 109.41024532987788), (93, 110.49541080541397), (94, 111.58012327193865), (95, 112.66438988253682),
    (96, 113.74821760400113), (97, 114.83161322355444), (98, 115.91458335526376), (99, 116.99713444616246),
    (100, 118.07927278209706)
  ) AS t(k, upper_count)
),
demands AS (
  SELECT stage, template, rate, device_rate, loads, load_devices, days, latency_hours, drift_days, coverage FROM (VALUES
    ('load', 'pure', 1.0, 1.0, 200, 20, 0, 0, 0, 0), ('load', 'read_write', 1.0, 1.0, 200, 20, 0, 0, 0, 0),
    ('load', 'exclusive', 1.0, 1.0, 200, 20, 0, 0, 0, 0),
    ('shadow', 'pure', 0.0001, 0.01, 0, 0, 7, 0, 0, 1), ('shadow', 'read_write', 0.0001, 0.01, 0, 0, 7, 0, 0, 1),
    ('canary', 'pure', 0.0001, 1.0, 0, 0, 0, 48, 0, 0), ('canary', 'read_write', 0.0001, 1.0, 0, 0, 0, 48, 0, 0),
    ('canary', 'exclusive', 0.0001, 1.0, 0, 0, 0, 48, 0, 0),
    ('live', 'pure', 0.00001, 0.001, 0, 0, 30, 0, 0, 0), ('live', 'read_write', 0.00001, 0.001, 0, 0, 14, 0, 7, 0),
    ('live', 'exclusive', 0.00001, 0.001, 0, 0, 30, 0, 0, 0), ('retire', 'read_write', 1.0, 1.0, 0, 0, 30, 0, 0, 0)
  ) AS t(stage, template, rate, device_rate, loads, load_devices, days, latency_hours, drift_days, coverage)
),
-- No device is credited with more trials than 1,000 a day and 2,995 in all, a tenth of the smallest bound (`credit` in core/rollout/src/ledger/tally.rs).
-- A device that comes again proves once, by its smallest ledger; what burns in any of its ledgers counts.
shards AS (
  SELECT feature, op, legacy_build, candidate_build, comparator, config, stage, permille, device,
         MIN(comparisons) AS comparisons, MIN(LEAST(comparisons, 1000 * GREATEST(days, 1), 2995)) AS trials, SUM(lines.real) AS burned, SUM(unaccepted) AS unaccepted, SUM(deaths) AS deaths,
         SUM(COALESCE(c_panic, 0)) AS panics, MAX(COALESCE(harness_error, 0)) AS harness_errors, MIN(loads) AS loads,
         MAX(days) AS days, MAX(latency_hours) AS latency_hours, SUM(latency_trips) AS latency_trips,
         MIN(drifted_days_ago) AS drifted_days_ago, COUNT(*) - 1 AS duplicates
  FROM lines
  WHERE kind = 'ledger' AND schema = 1
  GROUP BY feature, op, legacy_build, candidate_build, comparator, config, stage, permille, device
),
tallies AS (
  SELECT feature, op, legacy_build, candidate_build, comparator, config, stage, permille,
         SUM(comparisons) AS comparisons, SUM(trials) AS trials, SUM(burned) AS burned, SUM(unaccepted) AS unaccepted, SUM(deaths) AS deaths,
         SUM(panics) AS panics, SUM(harness_errors) AS harness_errors, SUM(loads) AS loads, MAX(days) AS days,
         MAX(latency_hours) AS latency_hours, SUM(latency_trips) AS latency_trips, MIN(drifted_days_ago) AS drifted_days_ago,
         SUM(duplicates) AS duplicates,
         SUM(CASE WHEN comparisons > 0 OR loads > 0 OR burned > 0 THEN 1 ELSE 0 END) AS devices,
         SUM(CASE WHEN burned > 0 THEN 1 ELSE 0 END) AS devices_burned
  FROM shards
  GROUP BY feature, op, legacy_build, candidate_build, comparator, config, stage, permille
),
-- A device's name is of one key only, so its details belong to that key.
class_hits AS (
  SELECT s.feature, s.op, s.legacy_build, s.candidate_build, s.comparator, s.config, s.stage, s.permille, c.class, SUM(c.hits) AS hits
  FROM shards s
  JOIN (SELECT device, class, MIN(hits) AS hits FROM lines WHERE kind = 'class' GROUP BY device, class) c ON c.device = s.device
  WHERE c.class <> '(other)'
  GROUP BY s.feature, s.op, s.legacy_build, s.candidate_build, s.comparator, s.config, s.stage, s.permille, c.class
),
classes_hit AS (
  SELECT feature, op, legacy_build, candidate_build, comparator, config, stage, permille,
         SUM(CASE WHEN hits >= 30 THEN 1 ELSE 0 END) AS classes_hit
  FROM class_hits
  GROUP BY feature, op, legacy_build, candidate_build, comparator, config, stage, permille
),
inputs AS (
  SELECT s.feature, s.op, s.legacy_build, s.candidate_build, s.comparator, s.config, s.stage, s.permille, i.device, i.hash, i.hits, i.level
  FROM shards s
  JOIN (SELECT device, hash, MIN(count) AS hits, MAX(level) AS level FROM lines WHERE kind = 'input' GROUP BY device, hash) i
    ON i.device = s.device
),
levels AS (
  SELECT feature, op, legacy_build, candidate_build, comparator, config, stage, permille, MAX(level) AS level
  FROM inputs
  GROUP BY feature, op, legacy_build, candidate_build, comparator, config, stage, permille
),
samples AS (
  SELECT i.feature, i.op, i.legacy_build, i.candidate_build, i.comparator, i.config, i.stage, i.permille, l.level, i.hash,
         SUM(i.hits) AS hits
  FROM inputs i
  JOIN levels l ON l.feature = i.feature AND l.op = i.op AND l.legacy_build = i.legacy_build
    AND l.candidate_build = i.candidate_build AND l.comparator = i.comparator AND l.config = i.config AND l.stage = i.stage
    AND l.permille = i.permille
  WHERE i.hash % CAST(POWER(2, l.level) AS BIGINT) = 0
  GROUP BY i.feature, i.op, i.legacy_build, i.candidate_build, i.comparator, i.config, i.stage, i.permille, l.level, i.hash
),
singletons AS (
  SELECT feature, op, legacy_build, candidate_build, comparator, config, stage, permille,
         SUM(CASE WHEN hits = 1 THEN 1 ELSE 0 END) * POWER(2, MAX(level)) AS singletons
  FROM samples
  GROUP BY feature, op, legacy_build, candidate_build, comparator, config, stage, permille
),
weighed AS (
  SELECT t.*, COALESCE(c.classes_hit, 0) AS classes_hit,
         CASE WHEN n.singletons IS NULL OR t.trials = 0 THEN 1.0
              WHEN n.singletons >= t.trials THEN 1.0
              ELSE n.singletons / t.trials END AS unseen,
         CASE WHEN t.burned >= t.trials THEN 1.0
              WHEN t.burned = 0 THEN 1.0 - POWER(0.05, 1.0 / t.trials)
              ELSE COALESCE(g.upper_count / t.trials, 1.0) END AS bound,
         CASE WHEN t.devices_burned >= t.devices THEN 1.0
              WHEN t.devices_burned = 0 THEN 1.0 - POWER(0.05, 1.0 / t.devices)
              ELSE COALESCE(d.upper_count / t.devices, 1.0) END AS device_bound
  FROM tallies t
  LEFT JOIN garwood g ON g.k = t.burned
  LEFT JOIN garwood d ON d.k = t.devices_burned
  LEFT JOIN classes_hit c ON c.feature = t.feature AND c.op = t.op AND c.legacy_build = t.legacy_build
    AND c.candidate_build = t.candidate_build AND c.comparator = t.comparator AND c.config = t.config AND c.stage = t.stage
    AND c.permille = t.permille
  LEFT JOIN singletons n ON n.feature = t.feature AND n.op = t.op AND n.legacy_build = t.legacy_build
    AND n.candidate_build = t.candidate_build AND n.comparator = t.comparator AND n.config = t.config AND n.stage = t.stage
    AND n.permille = t.permille
)
SELECT w.feature, w.op, w.legacy_build, w.candidate_build, w.comparator, w.config, w.stage, w.permille, w.comparisons, w.trials, w.burned,
       w.bound, w.devices, w.devices_burned, w.device_bound, w.classes_hit, w.unseen, w.days, w.duplicates,
       CASE
         WHEN w.burned > w.unaccepted THEN 'RO_GATE_BURNED'
         WHEN w.unaccepted > 0 THEN 'RO_GATE_UNACCEPTED'
         WHEN w.deaths > 0 THEN 'RO_GATE_DEATHS'
         WHEN w.panics > 0 THEN 'RO_GATE_PANICS'
         WHEN w.harness_errors > 0 THEN 'RO_GATE_HARNESS'
         WHEN w.loads < m.loads OR w.devices < m.load_devices THEN 'RO_GATE_LOADS'
         WHEN m.rate < 1.0 AND w.bound >= m.rate THEN 'RO_GATE_COMPARISONS'
         WHEN m.device_rate < 1.0 AND w.device_bound >= m.device_rate THEN 'RO_GATE_DEVICES'
         WHEN m.coverage = 1 AND w.classes_hit * 100 < f.classes * 90 THEN 'RO_GATE_CLASSES'
         WHEN m.coverage = 1 AND w.unseen > 0.01 THEN 'RO_GATE_UNSEEN'
         WHEN w.days < m.days THEN 'RO_GATE_DAYS'
         WHEN m.latency_hours > 0 AND (w.latency_hours < m.latency_hours OR w.latency_trips > 0) THEN 'RO_GATE_LATENCY'
         WHEN w.drifted_days_ago < m.drift_days THEN 'RO_GATE_DRIFT'
         ELSE 'open'
       END AS evidence
FROM weighed w
JOIN features f ON f.feature = w.feature
JOIN demands m ON m.stage = w.stage AND m.template = f.template
ORDER BY w.feature, w.op, w.candidate_build, w.stage, w.permille
