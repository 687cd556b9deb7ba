#!/bin/sh
# A step that cites a revision of the tariff schedule begins on a day that the revision's change record names as the day of
# effect.  Skipped where the change records are absent.   tests/check-revisions.sh BUILD
cd "$(dirname "$0")/.." || exit 5
records=../shared/data/hts_change_record
[ -d "$records" ] || { echo "0 passed, 0 failed, 1 skipped"; exit 0; }
passed=0 failed=0
while read -r from source; do
	grep -q "^  $source: .*change record" data/record/us-china/sources-us-law.yaml || continue # the edition itself is cited
	file=$records/$(echo "$source" | sed -E 's/^hts-([0-9]+)-rev-([0-9]+)$/\1HTSRev\2/')_change_record.txt
	words=$(LC_ALL=C date -d "$from" '+%B %-d, %Y')
	if [ -f "$file" ] && grep -q "$words" "$file"; then passed=$((passed + 1)); else echo "$source does not name $words"; failed=$((failed + 1)); fi
done <<END
$(grep -hE '^ *- \{from: 202[5-9]' data/record/us-china/us-tariffs-*.yaml | sed -nE 's/^ *- \{from: ([0-9-]{10}).*[[ ](hts-[0-9]+-rev-[0-9]+)[],].*/\1 \2/p' | sort -u)
END
echo "$passed passed, $failed failed, 0 skipped"
