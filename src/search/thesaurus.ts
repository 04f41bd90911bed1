/** Words that people and tools use for the same thing: general English and computing, nothing of a single product. */
import { stem } from "./stem.ts";

/**
 * One group a line: words that may stand for each other. A word may be in several groups. Keep to words of everyday
 * use; a name of a product or of a place does not belong here.
 */
const GROUPS = `
send post write publish notify deliver share
message chat text dm conversation
find search lookup query discover explore seek locate
create add new make generate build produce insert compose draft
generate draw render plot
delete remove erase clear drop purge trash
get fetch retrieve obtain show view
get list
read load open extract parse view
update edit change modify set replace adjust revise
save write store export persist keep
list enumerate browse show all
copy duplicate clone
move rename transfer
run execute launch start invoke
stop cancel abort kill terminate
begin start initialize
calculate compute evaluate arithmetic math sum
convert transform translate turn into format
compare contrast difference versus similarity
analyze analysis examine inspect study analytics statistics insight
summarize summary overview abstract digest
recommend suggest recommendation advice best top
check verify validate test inspect status
download fetch get save
upload attach import
arrange plan schedule organize itinerary
book reserve booking reservation
buy purchase shop order deal bargain
monitor watch track follow
count number total amount
picture image photo photograph screenshot
image icon drawing illustration
draw paint sketch canvas drawing
video movie film clip
audio sound music song track
weather forecast temperature climate rain
time clock hour now timezone
date day today calendar tomorrow
current latest recent now live newest today
trend popular hot rank ranking top leaderboard
news headline story article feed
article post blog page
paper article publication research study literature preprint journal
medicine medical clinical biomedical health drug disease patient
gene variant mutation genetic
website web page site webpage url link
internet web online
browser navigate click webpage
document doc word file report
report document summary
spreadsheet excel worksheet sheet workbook table xlsx
presentation slide slideshow deck powerpoint ppt pptx
chart graph plot diagram visualization visualize figure
diagram flowchart mindmap
folder directory path
file document content
text string content
repository repo git code project
commit history log change
branch version release
library package dependency module
version release update latest outdated
code program source script
bug issue ticket defect problem
issue ticket task
task todo job action
user person people member account profile
email mail inbox
meeting event appointment calendar
contact person address
customer client account
company business firm corporation
stock share equity ticker symbol
price cost quote value worth rate
price quote market
finance financial money economic
revenue income earnings profit statement
crypto cryptocurrency coin token bitcoin
currency exchange forex money
map location place geographic geocode
location place address coordinate position
nearby near around close surrounding within
route direction path navigate distance commute
trip travel tour journey vacation holiday
hotel accommodation lodging stay rental
train rail railway ticket station
flight airline airplane airport
restaurant food dining cafe
recipe cook dish meal food menu
attraction sight interest poi
game play player match
hero character champion
museum art artwork painting collection
database sql table record
memory remember recall note knowledge
note memo document
random pick choose select dice sample
select pick choose
domain dns whois website
container docker image
component ui widget interface
dataset data open
government public
documentation docs guide manual reference
transcript subtitle caption
question problem exercise
solve solution answer
translate language
metadata tag attribute property
word term vocabulary
similar related alike
explain describe detail information
detail information about
review feedback comment
comment reply
security vulnerability safe audit
performance speed benchmark
size bundle weight
quality score
permission access role
log trace history
server host machine
process command terminal shell
install setup configure
payment invoice bill charge
number digit value
cheap discount deal sale price
group team channel
title heading name
paragraph text section
row column cell
picture photo image
keyword term query
chess board move
birthday birth born horoscope fortune zodiac
`;

/** For each stem, the stems that may stand for it. */
export const synonyms: ReadonlyMap<string, readonly string[]> = build();

function build(): Map<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const line of GROUPS.trim().split("\n")) {
    const group = line.split(" ").map(stem);
    for (const word of group) {
      const others = found.get(word) ?? new Set();
      for (const other of group) if (other !== word) others.add(other);
      found.set(word, others);
    }
  }
  return new Map([...found].map(([word, others]) => [word, [...others]]));
}
