/** Words that people and tools use for the same thing: general English and computing, nothing of a single product. */
import { chineseWords } from "./chinese-words.ts";
import { stem } from "./stem.ts";

/**
 * One group a line. Words before the bar may stand for each other; the words after it are what those before it often
 * lead to. Words of everyday use only: the name of a product or of a place does not belong here.
 */
const GROUPS = `
send post write publish | notify deliver share message
message chat text dm | conversation channel thread
notify alert remind warn | message reminder
email mail inbox | message send
find search lookup look query discover locate seek | explore get list
investigate explore research | search find
create add new make generate build produce compose insert
generate draw render plot visualize
draft write compose | create document
delete remove erase clear drop purge trash discard
get fetch retrieve obtain show view read | list load
fetch download crawl scrape
list enumerate browse all | get show
read load open parse view | extract get
extract parse pull | read get
update edit change modify set replace adjust revise alter
save store persist keep record | write export create
write save | edit create
export save download
copy duplicate clone
move rename transfer
merge combine join concatenate
split divide separate
run execute invoke perform | start
start begin launch initialize open
stop cancel abort kill terminate end | close
calculate compute evaluate | arithmetic math expression
sum total average mean percentage percent ratio difference estimate budget multiply divide | calculate math
math arithmetic mathematical expression formula equation | calculate
convert transform turn change | format
translate translation language | convert
compare contrast versus vs difference diff | similarity
similarity difference | compare
analyze examine inspect study assess evaluate | statistics analytics insight
statistics analytics stats metrics | analyze data
summarize summary overview digest abstract brief | extract
recommend suggest advise advice suggestion | best top choose
check verify validate test confirm | status
monitor watch track follow observe | status
describe explain detail | information get
information details info about | get
upload import attach
schedule arrange book | create event
open raise submit | create
cancel | delete remove
arrange plan schedule organize itinerary | route calendar
book reserve reservation booking | ticket hotel flight
buy purchase shop shopping order | product price deal
cheap discount deal sale bargain offer | price product
worth value | price rank
product item goods goodies merchandise
gift present | product
picture image photo photograph
screenshot capture snapshot | image
image icon illustration graphic | picture
draw paint sketch | canvas drawing shape
canvas drawing painting | draw
video movie film clip
movie film television tv show series
audio sound music song track recording
podcast | audio episode
playlist | music song
weather forecast temperature climate rain wind humidity
clock hour timezone | time
today tomorrow yesterday tonight now | date current time
date day calendar | time current
week month year | date
almanac calendar | lunar date
current latest recent now newest today live | update
trend trending popular hot viral rank ranking top leaderboard | list
best top highest | rank recommend
news headline story bulletin | article trending
article post blog story | read page
paper article publication preprint journal literature | research academic
research study academic scholarly | paper
medicine medical clinical biomedical health drug disease patient
trial study | clinical
gene variant mutation genetic genomic
website web page site webpage homepage
url link address | web page
internet web online | search
browser navigate visit click webpage | open page url
form fill submit | field click
document doc report | file paragraph page
report document | summary create
word document | text
spreadsheet excel worksheet sheet workbook xlsx | table
table row column cell | data
csv table | data file
presentation slide slideshow deck powerpoint ppt pptx
chart graph plot diagram visualization visualize figure
diagram flowchart | graph mindmap
mind map mindmap | outline
outline structure tree | list
folder directory path
file document | directory
text string content paragraph
content text body | page
repository repo git codebase | code project
commit change history log | git
branch version | git
library package dependency module framework | version
release version update changelog upgrade
outdated deprecated latest | version
code program source script snippet | software
debug fix repair resolve | error bug
bug issue ticket defect problem | error
ticket issue case | task
task todo job action
project workspace | board
user people member person account profile
login authenticate authentication password signin
meeting event appointment calendar | schedule
contact person address phone
phone call telephone sms
customer client | account
company business firm corporation organization enterprise
lead opportunity prospect deal | customer
employee staff worker | person
job career vacancy hiring recruit | work
resume cv | job
stock share equity ticker security | price market
invest investor investment portfolio asset | stock
market exchange | price stock
price cost quote rate fee | value
finance financial money economic | stock market
revenue income earnings profit cashflow | statement financial
statement balance | financial
analyst rating | recommendation
capitalization valuation | market price
crypto cryptocurrency coin token blockchain
currency exchange forex | rate
gold silver metal commodity | price asset
bank loan mortgage credit | money
tax | income
payment pay invoice bill charge
map location place geographic | address coordinate
location place position coordinate geocode | address
address location | geocode coordinate
nearby near around close surrounding neighborhood | place distance
distance far length | route
route direction path navigation commute drive | distance
trip travel tour journey vacation holiday visit | route place weather hotel
hotel accommodation lodging rental stay apartment room | listing
house home property estate apartment rent | listing
train rail railway subway metro | ticket station
flight airline airplane plane airport | ticket
station stop terminal
bus transit transport | route
car vehicle automobile | drive
parking park
restaurant food dining cafe eat | place
recipe cook cooking dish meal menu | food
ingredient food | recipe
nutrition diet calorie | food health
attraction sight interest poi landmark | place nearby
game play player match
hero character champion agent
win victory score | match
sport football soccer basketball | team match score
team squad club | group
museum art artwork painting exhibit
book novel author | read
lyrics song | music
tempo beat rhythm bpm | music
database sql table query
memory remember recall knowledge | note
note memo notebook | memory
idea thought think thinking reason | plan
random pick choose select dice sample shuffle chance
choose select pick option
domain dns whois hostname | registration
ip network address
container docker | image deploy
deploy deployment release publish | run
cloud server | deploy
component ui widget interface button | design
design layout style theme | template
template example sample | create
animation effect motion | component
dataset data statistics | open
government public federal | data
documentation docs guide manual reference | library
transcript subtitle caption | text video
lecture talk video | transcript
question problem exercise challenge puzzle | answer
solve solution answer | problem
learn teach course lesson tutorial education | study
exam quiz test | question
metadata tag label attribute property
tag label category | classify
classify categorize group cluster sort | category
filter sort | search
term word keyword definition dictionary
similar related alike | find
review feedback comment rating opinion
comment reply respond response answer
sentiment opinion emotion | analyze
security vulnerability safe risk threat audit
performance speed benchmark latency
size weight length count
count number total amount | size
quality score rating
permission access role privilege
log trace history record
process command terminal shell console
install setup configure | package
configure setting preference option | set
encrypt decrypt hash | security
compress zip archive
schema field type | structure
color colour | style
font bold style | format
heading title header
footnote endnote reference citation | note
paragraph text section
picture photo image
background picture | image
page section
chess board | move game
birthday birth born | date
horoscope fortune zodiac astrology destiny | birth
electronics gadget technology tech device hardware digital | product
computer laptop pc desktop | hardware device
startup business entrepreneurship | company
finance business economy | news
ai artificial intelligence llm | model technology
bike bicycle cycling walk walking drive driving | route
timetable departure arrival | schedule train flight
festival holiday | date calendar
lucky fortune auspicious | date calendar
lottery raffle winner draw | random pick
password uuid token | random generate
developer programmer engineer coder | user
population census demographic | data statistics
dinner lunch breakfast | meal food
diet fitness exercise workout | health
bestselling popular trending | rank
opening match | game
essay letter speech | write document
logo poster banner | image design
subscribe subscription follow | channel
backup archive restore | copy
link connect relation relationship edge
node entity | graph
reservation availability available | book
wedding marriage birthday anniversary | date
cap capitalization
info information
config configuration configure setting
auth authentication
env environment
param parameter argument
img image
doc docs document
msg message
db database
dir directory
calc calculate
temp temperature
lang language
num number
avg average
max maximum highest
min minimum lowest
app application software
admin administrator
dev developer
spec specification
ref reference
pic picture
law legal legislation regulation bill | search
history historical past | date
space planet astronomy | image
science scientific | research
earthquake disaster storm | alert weather
air pollution | quality
energy power electricity
environment climate | data
translate interpret language
speech voice speak pronounce | audio
sign signature contract | document
`;

/** How close a synonym is: 1 for words that may stand for each other, less for what they lead to. */
const RELATED = 0.7;

/** For each stem, the stems that may stand for it, with their closeness from 0 to 1. */
export const synonyms: ReadonlyMap<string, ReadonlyMap<string, number>> = build();

function build(): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  const link = (from: string, to: string, closeness: number): void => {
    if (from === to) return;
    const others = found.get(from) ?? new Map<string, number>();
    others.set(to, Math.max(others.get(to) ?? 0, closeness));
    found.set(from, others);
  };
  for (const line of `${GROUPS}\n${chineseWords}`.split("\n").filter((line) => line.trim() !== "")) {
    const [same = [], related = []] = line.split("|").map((half) => half.trim().split(/\s+/).map(stem));
    for (const word of same) {
      for (const other of same) link(word, other, 1);
      for (const other of related) link(word, other, RELATED);
    }
  }
  return found;
}
