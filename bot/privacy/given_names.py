"""Given names of people in the US, the UK, Germany, France, Spain, Italy, India and a few more.

From the locale lists of Faker (MIT licence), divided by whether a dictionary of English, German or French has the word.
"""

# Taken for a name in any case, also in lower-case transcripts.
CLEAR = frozenset(
    """
aaron abbie abdul abigail adam adrian adriana adrien adrienne adèle adélaïde agathe agnès aimee aimée alain alan
albert alec alejandra alejandro alex alexander alexandra alexandre alexandria alexandrie alexis alfred alice alicia
alisha alison alistair alix allan allen allison alphonse alvin alyssa amanda amelia amy amélie anastasie anaïs andre
andrea andres andrew andré andrée angela angelica angie anita anna anne annette anouk anthony antoine antoinette
antonio antony ariana ariel arnaude arthur ashlee ashleigh ashley astrid audrey auguste augustin aurore aurélie bailey
barbara barry becky belinda benjamin benoît bernadette bernard bertrand beth bethan bethany betty beverley beverly
bianca billy bobby bonnie brad bradley brady brandi brandon breanna brenda brendan brent brett brian briana brianna
bridget brigitte brittany brittney bruce bryan bryce caitlin caitlyn caleb callum calvin cameron camille candace
candice carl carla carlos carly carmen carol carole caroline carolyn carrie casey cassandra cassidy cassie catherine
cathy cesar chad chantal charlene charles charlie chelsey cheryl cheyenne chloe chris christelle christian christiane
christie christina christine christophe christopher christy cindy claire clare clarence claude claudia claudine
clayton clifford clinton clémence cody cole colette colin colleen collin colton connie connor conor constance corey
corinne cory courtney craig cristian cristina curtis cynthia cécile célina céline dalton damian damien damon dana
daniel danielle danny darin darius darlene darnell darrell darren darryl daryl dave david deanna debbie deborah debra
declan denis denise dennis derek derrick deshawn desiree devin diana diego dillon dmitri dominic dominique donald
donna doris dorothy dorothée douglas duane duncan dustin dwayne dylan eddie edgar eduardo edward edwin eileen elaine
eleanor elijah elizabeth ellen ellie elliot elliott emily emma emmanuel emmanuelle eric erica erik erika erin ernest
ethan eugene eugène evan evelyn felicia fernando fiona frances francesca francis francisco franck franklin françois
françoise fred frederick frédéric frédérique gabriel gabriela gabriella gabrielle gail gareth garrett garry gary gavin
gemma geneviève geoffrey george georges georgina gerald geraldine gerard gilbert gilles gillian gina glenda glenn
gloria gordon graeme graham greg gregg gregory grégoire guillaume gustavo gwendolyn gérard hailey haley hannah harold
harriet harry hayden hayley heather hector heidi helen henri henriette henry herbert hilary hollie hortense howard
hugh hugues hélène iain imran inès irene isaac isabel isabella isabelle isaiah ivan jack jackie jaclyn jacob
jacqueline jacques jaime jake jamal james jamie jane janet janice jared jasmine jason javier jayne jeanette jeannine
jeff jeffery jeffrey jemma jenna jennifer jenny jeremiah jeremy jermaine jerome jerry jesse jessica jill jillian jim
jimmy joan joann joanna joanne jocelyn jodi jodie jody joe joel john johnathan johnny jonathan jonathon jorge jose
joseph josephine josette josh joshua joséphine joyce juan judith judy jules julia julian julie julien juliette justin
jérôme kaitlin kaitlyn kara karen kari karina karl karla kate katelyn katherine kathleen kathryn kathy katie katrina
katy kayla kaylee kayleigh keisha keith kelli kellie kelly kelsey kendra kenneth kerri kerry kevin kiara kieran kim
kimberley kimberly kirk kirsten kirsty krista kristen kristi kristie kristin kristina kristine kristopher kristy
krystal kurt kyle kylie lacey laetitia lakisha lance larry latasha latoya laura laure lauren laurence laurent laurie
lawrence leah leanne leigh leonard leroy lesley leslie levi lewis liam linda lindsay lindsey lisa lonnie loretta
lorraine louis louise lucas luce lucie lucy luis luke lydia lynda lynn lynne léon mackenzie madeleine madeline maggie
makayla malcolm malik mallory mandy manon manuel marc marcel marcelle marcia marco marcus margaret margaud margaux
margot marguerite maria mariah marian marianne marie marilyn mario marion marisa marissa martha marthe martin martine
martyn marvin mary maryse mathew mathilde matthew matthieu maureen maurice maxwell mckenzie meagan megan meghan
melanie melinda melissa melvin meredith mia michael michaela micheal michel michele michelle michèle miguel mikayla
mike mindy miranda mitchell mohamed mohammad mohammed molly monica monique morgan nancy naomi natalie natasha nath
nathalie nathan nathaniel neil nicholas nichole nicola nicolas nicole nigel nina noah norma norman noémi noël océane
odette oliver olivia olivie olivier omar oscar owen paige pamela patricia patrick paul paula paulette pauline pedro
peggy perry peter philip philippe philippine phillip phyllis pierre preston priscilla priya pénélope rachael rachel
ralph randall ravi raymond rebecca rebekah reece reginald renee rené renée rhonda rhys ricardo richard rickey ricky
rita robert roberta roberto robin robyn rodney roger roland ronald ronnie rosemary rosie ross ruben russell ruth ryan
rémy sabine sabrina sally sam samantha samuel sandra sandy sara sarah scott sean selena sergio seth shane shannon
shari sharon shaun shawn shawna sheena sheila shelby shelia shelley shelly sheri sherri sheryl shirley sian simon
simone sonia sonya sophia sophie stacey stacie stacy stanley stefanie stephanie stephen steve steven stewart stuart
stéphane stéphanie susan susanne suzanne sylvia sylvie sébastien tabitha tamara tami tammie tammy tanisha tanya tasha
taylor terence teresa terrance terrell terrence terri terry theodore theresa thibault thibaut thierry thomas théodore
théophile thérèse tiffany timothy timothée tina toby todd tom tommy toni tony tonya tracey traci tracie tracy travis
trevor tricia tristan tyler tyrone valentine valerie valérie vanessa vernon veronica vicki vickie victor vincent
virginie véronique walter wanda wayne wendy wesley whitney william willie wyatt xavier yesenia yolanda yves yvette
yvonne zacharie zachary zoe édith édouard élisabeth élise élodie éléonore émile émilie éric étienne
""".split()
)

# Taken for a name where capitalised.
CAPITALISED = frozenset(
    """
aachal aadhya aadi aahana aarav aarini aarna aarnav aarush aarón aashi aayush abbas abdullah abeer abel abha abhimanyu
abhiram abigaíl abilio abraham abram abril achille achim ada adalbert adalberto adamo adela adelaida adelardo adelasia
adelbert adele adelgunde adelheid adelia adelina adelinde adeline adelmo adem adina aditya adolf adolfine adolfo adora
adoración adriane adriano adrián advaith advay advik advika adweta adya adán aenne agapito agastya agata agatha agnes
agnieszka agnolo agostino agustina agustín ahmad ahmed ahmet aiko ainara ainoa aisha aishani aitana aitor akemi akira
akshay alban albano alberico albertine alberto albin albina albino albrecht alcides alderano aldo alejo aleksandar
aleksander aleksandr aleksandra aleksej alena alessandra alessandro alessia alessio alexandros alexei alexej alf alfio
alfons alfonso alfredo alicja alida alina aline alka allegra almudena almut almuth alois aloisia alondra alonso aloys
alphons alwin alwina alwine amada amadeo amado amador amaira amalia amalie amancio amando amara amarilis amaro amaya
ambrosio amedeo amelie amico amir amleto amol amor amrita amruta américa américo amílcar anabel anacleto anamika
anastasia anastasio anastasios anatol anatoli anatolij anay andreas andree andrei andrej andrey andrzej andrés andy
aneta anett anette angelika angelina angelino angelique angelita angelo angélica anh anica anika anil anirudh anja
anjali anka anke anmol ann ann-kathrin anna-lena anna-luise anna-maria anna-marie annaliese annalisa annamaria
anne-kathrin anne-katrin anne-marie anne-rose annedore annegret annegrete annekatrin anneke annelene anneli annelie
annelies anneliese annelise annelore annemarie annemie annerose annett annetta anni annibale annie annika annita
annunziata anny ansaldo anselm anselma anselmo ansgar ansh antje anto anton antonella antonello antonia antonie
antonietta antonina antonino antonios antonius anunciación anusha anvi anya aníbal aoife apolinar apollonia apolonia
apostolos araceli aradhana arcelia ariadna ariane aribert arif arin aristides arjun armando armida armin arnaldo arnd
arndt arne arnfried arnim arno arnold arnulf arnulfo aroa arsenio artemio artur arturo arunima arya aryan arzu
aránzazu ascensión asdrubal asta asuka asunción atenulf athanasios atharv atilio atsushi attila augusta augusto
aurelia aureliano aurelio avi avni axel ayaan aynur ayse aysel ayten ayush ayushman ayşe azaan azad azahar azahara
azeglio azeneth aziz azucena babett babette baccio bachittar baghyawati bahadurjit bakhshi baldassare baldomero
balduino baldur balendra balhaar baljiwan baltasar balthasar balvan balveer banjeet barkha bartholomäus bartolomeo
bartolomé bastian baudelio bautista bayram beata beate beatrice beatrix beatriz begoña bekir bela belen belén ben
benedetto benedikt benigna benigno benita benito benjamín benno benvenuto beppe berend berenice berit bernabé bernarda
bernardino bernardita bernardo bernd bernd-dieter berndt bernfried bernhard bernhardine bernt bernward bert berta
bertha berthold berto bertold bertram betina betti bettina bhanumati bhavani bhavika bhavini bhavna bhavya biagio
bianka bibiana bienvenida bimala birger birgid birgit birgitt birgitta birte birthe bishakha björn blanca blanka blas
bodo bogdan bonifacio boris borja bozena branka branko brigitta brijesh brinda brit brita britt britta brunhild
brunhilde brunilda bruno brígida buenaventura burckhard burghard burkard burkhard burkhardt bárbara bärbel calcedonio
calista calisto calixta calixto calogero camila camilla camillo camilo canan candelaria candelario candelas caren
caridad carin carina carl-heinz carlito carlo carlota carmela carmelita carmelo carmina carmine carola carolin carsten
casandra casemiro catalina caterina catharina cathleen cathrin catrin cayetana cayetano cebrián cecilia cecilio
ceferino celal celestina celestino celia celso cemal cemil cengiz centa cesare cetin chaaya chaitaly chaitanya
chakradev chakradhar chakrika chaman chameli champak chanakya chanchal chandani chandran chandresh charan charita
charo charvi chasmum chatresh chatura chavvi chelo chema chiara chita chiyo chloé christa christa-maria christel
christiana christin christl christof christoph christos chucho chuy cilli cilly cintia cipriano ciriaco cirillo cirino
ciro ciríaco claas clara clarisa clarissa claudio claudius claus claus-dieter claus-peter clelia clemens clemente
clementina cleto cloe clotilde cläre clímaco coluccio concepción concetta concha conny conrad conrado constantin
constanza constanze consuela cora cordula corina corinna coriolano cornelia cornelio cornelius corrado cosima cosimo
cosme costantino costanzo crescencia cristóbal curro custodia custodio czeslaw cándida cándido cäcilia cäcilie cédric
césar dafne dagmar dagobert dajana daksh daksha dakshesh dalaja dalbir dalila damaris damiano damini damián damyanti
dan dani danica daniela daniele danilo dante danuta daria darika dario dariusz darko darpan darsh darío dayamai dayita
deepa deepak delfina delfino delia demetrio denny desiderio detlef detlev devansh devika dhriti dhruv diedrich dierk
dieter diethard diethelm diether dietlind dietlinde dietmar dietrich dimas dimitri dimitrios dina dino dionigi
dionisia dionisio dipta dirk ditmar dittmar divya diya dmitry dogan domenico dominga dominik domitila donata donatella
donatello donato dora doreen dorina dorit dorita dorle dorota dorotea dorothe dorothea dorothee dragan dragica drago
duilio dunja durante dursun dusan débora dörte dörthe eberhard eberhardt eckard eckart eckehard eckhard eckhardt
eckhart edda edelbert edelgard edelmira edelmiro edeltraud edeltraut edeltrud edgardo edhitha edith editha edmund
edmundo edoardo eduard eesha efraín egbert eggert egon ehrenfried ehrentraud ehrhard eiravati ekaja ekalinga ekani
ekansh ekanta ekantika ekapad ekaraj ekaterina ekavir ekbal ekiya ekkehard ekkehart ekrem ekta eladio elba eleanora
elena eleni elenore eleonora eleonore eleuterio elfi elfie elfriede eli eliana elias elif eligia eligio elisa elisabet
elisabeth elise eliseo elke ella elladio elli ellinor elly elma elmar elmo elodia elodie eloy eloísa elpidio elsa
elsbeth elvira elwira elzbieta elías emanuel emelina emigdio emil emilia emiliana emiliano emilie emilio emin emine
emmerich emmi emmy emperatriz emre encarna encarnacion encarnación encarnita engelbert ennio enno enrico enrique enver
enzio enzo epifanio eraldo erasmo ercan erdal erdmute erdogan erhard erhardt erich erkan ermanno ermenegildo ermes
erna ernestine ernesto ernst ernst-august ernst-dieter ernst-otto erol erwin eshana esmeralda esperanza espiridión
esteban estefanía estela esther estrella etelvina etta ettore eufemia eugen eugenia eugenie eugenio eulalia eusebia
eusebio eustaquio eutimio eutropio eva eva-maria eva-marie evamaria evangelia evangelina evangelista evangelos
evaristo evelia evelin eveline evelyne evi evita ewa ewald ezequiel ezio fabia fabian fabiana fabienne fabio fabiola
fabián fabricio fabrizia fabrizio fadime falak falan falguni falk falko faqid faraj faras farhan fariq faris faruk
fatih fatima fatma faustino fausto febe fedele federica federico federigo fedor feliciana feliciano felicidad
felicitas felipa felipe felisa felix felizitas ferdi ferdinand ferdinando ferenc fermín fernanda fiamma fidel fidela
filippa filippo filiz filomena finn fiorenzo fiorino fitan fito fiyaz flavia flavio flor florencia florencio
florentina florentine florentino florian florina florinda folker folkert fortunata fortunato frado franca francesco
francisca francoise franjo frank-michael frank-peter franka franz franz-josef franz-peter franz-xaver franziska frauke
freddy frederic frederik frederike fredi fredo fredy freia freya frida fridolin frieda friedbert friedemann frieder
friedericke friederike friedhelm friedhilde friedhold friedl friedlinde friedo friedrich friedrich-karl
friedrich-wilhelm frithjof fritz fulgencio fulvio fátima félix gabi gabino gabor gabriele gaby gaetano gagan galasso
galina galo garima gaspar gaspare gastone gastón gaurang gaurangi gaurav gauri gaurika gautam gautami gayathri gebhard
geert geetika gelsomina gema genoveva georg georgine georgios geraldo gerardo gerd gerda gerdi gereon gerfried gerhard
gerhardt gerhart gerhild gerlind gerlinde germana germán gernot gero gerold gerolf geronimo gert gerta gerti gertraud
gertraude gertraut gertrud gertrude gertrudis gervasio gerwin gerónimo gesa gesche gesine geza giacinto giacobbe
giacomo giada giampaolo giampiero gian giancarlo gianfrancesco gianfranco gianluca gianluigi gianmarco gianna gianni
gianpaolo gianpietro giesela gilberto gilda gino gioacchino gioachino gioele gioffre gionata giorgia giorgio giosuè
giovanna giovanni girik girindra girish girolamo gisa gisbert gisela gislinde gitta gitte giulia giuliana giuliano
giulietta giulio giuseppe giuseppina giustino glauco godofredo goffredo gonzalo gopal goran gordana gottfried gotthard
gotthilf gotthold gottlieb gottlob goyo graciana graciano graciela graziano graziella grazyna greca greco gregor
gregorio greta gretchen grete gretel gretl griselda grzegorz guadalupe guarino gudrun gudula guenter guenther
guglielmo guido guillermo guiomar guiseppe gunar gunbir gunda gundel gundi gundolf gundula guneet gunhild gunnar
gunter gunther guntram gustav gusti gönül götz gülay gülsen gülten günter günther hagen hajo hakan halil halina
hamsini hanako hanife hanna hannchen hanne hanne-lore hannelore hannes hanni hanno hanns hanny hans hans-adolf
hans-albert hans-bernd hans-christian hans-detlef hans-dieter hans-dietrich hans-eberhard hans-erich hans-friedrich
hans-georg hans-gerd hans-gerhard hans-günter hans-günther hans-heinrich hans-helmut hans-henning hans-herbert
hans-hermann hans-hinrich hans-joachim hans-jochen hans-josef hans-jörg hans-jürgen hans-karl hans-ludwig hans-martin
hans-michael hans-otto hans-peter hans-rainer hans-rudolf hans-theo hans-ulrich hans-uwe hans-walter hans-werner
hans-wilhelm hans-willi hans-wolfgang hansgeorg hansjoachim hansjörg hansjürgen hanspeter harald hardik harinakshi
harini harish harita haroldo harri harrison harro harshil hartmut hartmuth hartwig haruka haruto hasan hassan hasso
hatice haydée hedda hedi hedwig hedy heide heide-marie heidelinde heidelore heidemarie heiderose heidrun heike heiko
heimo heiner heinfried heini heino heinrich heinz heinz-dieter heinz-georg heinz-gerd heinz-günter heinz-günther
heinz-joachim heinz-josef heinz-jürgen heinz-otto heinz-peter heinz-walter heinz-werner heinz-wilhelm heinz-willi
helena helene helfried helga helge heliodoro hella hellmut hellmuth helma helmar helmtrud helmut helmuth hema hemal
hemang hemangini hemani hendrik henner henni henning henny henrik henrike henryk heraclio herberto heribert heriberto
herlinde herma hermann hermann-josef hermenegildo hermine herminia herminio hernando hernán herrmann herta hertha
herwig hideki hilario hilda hildburg hilde hildegard hildegart hildegund hildegunde hilma hilmar hiltraud hiltrud
hinrich hipólito hiral hiroshi hitesh holger holm horacio horst horst-dieter horst-günter horst-peter hredhaan hritik
hubert hubertine hubertus hugo hulda humberto hyun-woo héctor hülya hüseyin ian ibrahim ibán ida idika ignacia ignacio
ignatz ignaz ignazio igor ijaya ikbal iker ikshita ilaria ildefonso ildiko ileana ilhan ilias ilija ilja ilka ilona
ilonka ilse imaran imelda imke immo imre inaya indali indira indrajit ines inga ingbert ingeborg ingeburg ingelore
ingetraud ingetraut ingmar ingo ingolf ingrid ingried inka inken inmaculada inna inocencio insa inés ioannis iolanda
ippazio irena irina irma irmela irmengard irmgard irmhild irmi irmingard irmtraud irmtraut irmtrud irya isabela
isabell isaura isaías isha ishaan ishani ishanvi ishita ishwar isidor isidora isidoro isidro ismael ismail ismet
isolde istvan itziar ivana ivanka ivo ivonne iván iwan iwona jacek jacinta jacinto jacobo jacopo jadwiga jafet jagat
jagdish jagrati jagvi jai jairaj jakob jalsa jan-peter jana janaki janani janett janette janin janina janine janko
jann janna janos januja janus janusz janya jaqueline jaroslav jaroslaw jasmina jasmit jatin javi javiera jay jeannette
jeet jeevika jelena jenaro jens jens-peter jens-uwe jeremías jerzy jerónimo jessika jesusa jhalak ji-hye ji-woo jimena
jiri joachim joana joaquina joaquín jobst jochem jochen joerg johan johann johanna johanne johannes jolanda jolanta
jolanthe jon jonas jonatan jordana jordi jordán josef josefa josefina josefine josep josip jost josué josé jovan
jovita jozef joão juana juanita juanito juergen juliana juliane julieta julio julius julián jun juri jurij justina
justine justus jutta jyoti jörg jörg-peter jörgen jörn jürgen kabir kai kai-uwe kala kalpit kamil kamya kaori karan
karin karl-august karl-dieter karl-ernst karl-friedrich karl-georg karl-hans karl-heinrich karl-heinz karl-hermann
karl-josef karl-jürgen karl-ludwig karl-otto karl-peter karl-werner karl-wilhelm karlfried karlheinz karola karolin
karolina karoline karsten kashish kashvi kasimir kaspar kata katalin katarina katarzyna katerina katharina katharine
katherina kathi kathrin kati katja katrin kavya kay-uwe kazim kazuya keiko kemal kenan kenichi kenji kerstin keya
kiaan kike kilian kira kirstin klaas klara klaudia klaus klaus-dieter klaus-günter klaus-jürgen klaus-michael
klaus-peter klaus-ulrich klaus-werner klemens klothilde knud knut konrad konstantin konstantinos konstanze korbinian
kordula korinna kornelia kornelius kreszentia kreszenz kriemhild krish krisha krishna kristian kristiane kritika
krystyna krzysztof kumiko kunibert kunigunda kunigunde kuno kyosuke käte käthe käthi laban ladislaus ladli laila
lajita laksh lakshit lakshmi lalo lambert lamberto lando lara larissa lars laszlo laureano laurenz lauretta lavanya
lazzaro leander leandra leandro leela leena leif leila leire lekha lena lene leni leo leocadia leocadio leokadia
leonardo leoncio leone leonel leonhard leonid leonie leonor leonore leopold leopoldine leopoldo leszek leticia letizia
leyla leyre liana liane liberto libni licia lidia lidija lidwina liesa liesbeth lieschen liesel lieselotte ligia lili
lilia lilian liliana liliane lilija lilla lilli lilly lilo lina linh linus lioba lipika lisandro lisbeth liselotte
lisette lissi lissy livia livio ljiljana ljubica ljudmila lodovico lohit loida lola lolita loni lopa loredana lorena
lorenz lorenza lorenzo loreto lothar lotte lotti luc luca luchino lucho lucia luciana luciano lucila lucio lucrezia
lucía ludger ludmila ludmilla ludovica ludovico ludwig ludwina luigi luigina luisa luise luisina luitgard luka lukas
lupita lutz luzia luzie luís lázaro maanas maanav maaya macarena macaria macario madhav madhavi madlen magarete magda
magdalena magdalene magnus magret magrit mahika mahmoud mahmut maik maike maite maja malena malgorzata malte mamen
manabu manan manbir manfred manja manola manolo manthan manu manuela manuelita manya mara marcantonio marcela
marcelino marcella marcello marcelo marcial marciano marcio marcos mareen mareike mareile marek maren marga margareta
margarete margaretha margarethe margarita margherita margit margita margitta margret margrit maria-luise
maria-theresia mariana marianela marianna mariano maribel marica maricela maricruz marie-louise marie-luise
marie-theres marie-therese mariechen mariele marieluise marietta marija marijan marika marino mariola marisela marisol
maristela marit marita maritta marius mariusz marjan marko markus marleen marlen marlene marlies marliese marlis marta
martina martino martirio martín marzena maría massimiliano massimo mateo mathias matilda matilde mato matteo matthias
matthäus mattia mattias matías maura mauricio maurilio maurizio mauro maxi maxim maximiano maximilian maximiliano
maximino maya mayte małgorzata mechthild mechthilde mechtild meera megha meghana mehdi mehmet meik meike meinhard
meinolf meinrad mekhala melania melchor melina melisa melita melitta meral merche meryem mesut metin micaela micha
michaele michail michela michelangelo micheletto michelotto miguela mijo mikako mikhail miki milagros milena milica
milka milo milos min-jun ming minh minna minoru miodrag mira mirco mireia mirella miriam mirja mirjam mirjana mirko
miroslav miroslaw miroslawa mirta mitali mitesh mituru modesta modesto mohini moisés momoko mona monika monja
montserrat morena moreno moritz mugdha muhammad muharrem murat mustafa muzaffer myriam máxima máximo mónica nachiket
nacho nacio nada nadeschda nadeshda nadia nadin nadine nadja naksh nakul nanami nandini nando nanni naoki naoko naoto
napoleone narcisa narciso natali natalia natalija natalio natalja natanael natascha natividad naveen nayara nazaret
nazario necati nedda neel neelima neha nelli nelly nerea nereida nermin netra nevenka niamh nicanor niccolò nick nico
nicodemo nicolai nicolasa nicolaus nicoletta nicolás nicolò nidhi nidia nidra niels nieves nihal niharika nikita
niklas niko nikola nikolai nikolaj nikolaos nikolas nikolaus nilda nilima nilo nils nimrat ninetta nino nirja nisha
nitara nitesh noelia noemí nora norbert norberto notburga noé nuran nuray nurettin nuri nuria nurten nydia nélida
néstor obdulia octavia octavio odalis odalys odika oeshi ofelia ojas ojasvi olaf olalla olav olegario olena olga
olimpia omaja omisha omkaar omya onkar onofre onveer orazio oreste orhan oriana orinder ornella ortrud ortrun ortwin
osamu osha oskar osman osvaldo oswald oswin otfried othmar otilia otmar ottavio ottfried ottilie ottmar otto ottokar
ottomar ottone ovidio oviya oxana pablo paca paco pacífica pahal pallavi palmira paloma pam pancho panfilo panini
paola paoletta paolo paride parth pascal pascale pascual pascuala pasqual pasquale pastora patric patricio patrik
patrizia patrizio paul-gerhard paul-heinz paulina paulino paulo pavani pavel pawel pelayo pellegrino pepe pepita
pepito perlita pero petar peter-michael petra petrona petros philipp philomena pia piedad pierangelo piergiorgio
piergiuseppe pierina pierluigi piermaria piero pierpaolo piersanti pietro pili pina piotr pirmin pius plinio plácido
polina pompeo pomponio poncio pooja porfirio pranav praneel pranit pratyush primitiva primitivo priscila prisha priska
prudencia prudencio puccio purificación pushti pánfilo pío qabil qadim qarin qasim quincy quique quirino qushi raagini
rabea rachana rachit rachita radha radhika radmila rafa rafael rafaela raffaele raffaella raffaellino raffaello raghav
rahel raik raimondo raimund raimundo rainer raisa raissa rajata rajesh rajeshri raksha ralf ralf-dieter ralf-peter
ramazan ramiro ramon ramona ramón ranbir randolf ranieri ranveer raphael raphaela raquel rayaan raymund raúl rebeca
rebekka recep regine rehaan rei reimar reimer reimund reina reinald reinaldo reiner reingard reinhard reinhardt
reinhart reinhild reinhilde reinhold rembrandt remedios remigio remo rena renata renate renato rene reni renzo resi
reva reyansh reyna reynaldo reza ricarda riccardo ricciotti rico ridhi rigo rika rishi riya riza robby rocco rochus
rocío roderich rodolfo rodrigo rogelio rohan rolando roldán rolf rolf-dieter rolf-peter roman romana romeo romina
romolo romuald romy román ron ronaldo ronith ronny rosa-maria rosalia rosalie rosalina rosalinda rosalinde rosalva
rosalía rosaria rosario rosaura rose-marie rosel roselinde rosemarie rosenda rosendo rosina rosita rosl rosmarie
rossana roswita roswitha rotraud rotraut rouven roxana roy rubén rudi rudolf rudolph rudra rufina rufino ruggero
ruggiero rupert ruperta ruperto rushil ruthild ruy ryohei ryosuke ryszard régulo rómulo rüdiger saanvi saban sabas
sabatino sabina sabri sachi sahin sai saksham salih salomé salomón salud salvatore salvi samaksh samanta samar samarth
samesh sami samir samira samu sanaya sancho sandalio sandor sandro sanjay sante santino sanya saoirse sarina sarita
sarthak saskia sathvik satomi saturnina saturnino saumya saverio sayuri sebastian sebastiano sebastián sedat
segismundo selim selma semra senol senta seo-yeon sepp serafina serena sergei sergej sergius serpil seve severiano
severin severino severo sevim shaniqua shaurya shivani shivansh shohei shota shravya sibel sibilla sibille sibylla
sibylle siddharth siegbert siegfried sieghard sieglinde siegmar siegmund siegrid siegried siegrun siegward sigfrido
sigfried sigismund siglinde sigmar sigmund sigrid sigrun sigurd silja silke silva silvana silvester silvestre
silvestro silvia silvio simona simonetta simón sina sinaida siobhan siya slavica slavko slawomir slobodan sneha sofia
sofie sofía soledad solveig songül sonja soo-jin soraya sosimo sotaro stanislaus stanislav stanislaw stavros stefan
stefani stefania stefano steffen steffi stella stephan stilla stjepan sudiksha suhani sunil susana susanita susann
susanna suse susi svea sven svenja svetlana swantje swen swetlana sybilla sybille sylke sylvana sylvester sylvio
sylwia sönke sören sükrü süleyman tabea tadeo tadeusz taichi takashi takuma tamanna tanay tania tanish tanja tanmayi
tanveer tanvi tarak tassilo tatiana tatjana tecla teerth tejas telemaco telmo telse temistocle teo teobaldo teodora
teodoro teodosio tere teresita teófila teófilo thaddäus thea theda thekla theo theobald theodor theodora theodoros
theres therese theresia thi thiago thies thilo thoralf thorben thorsten tibor tiburcio tillmann tilly tilman tilmann
tilo tim timm timo timoteo tino tito tiziana tiziano tobias tomas tomasa tomasz tomislav tomoya tomás tonia tonino
toralf torben toribio torquato torsten toño traude traudel traudl traugott traute trini trinidad tripti tristán
triveni triya trude trudi tsubasa tullio turvi tülay türkan ubaldo uberto ubika ucchal udant udarsh udo udyati ugo
ugolino ulf uli ulises ulla ullrich ulrich ulrike umang umberto undine unnati unni upadhriti upasna upkaar upma urban
urbano urishilla urmi urs ursel ursula urszula urte urvashi urvi uschi uta ute utkarsh utz uwe vadim vaishnavi
valentin valentina valentín valeri valeria valerij valerio valero valeska vamakshi vanesa vansha vanya varenya varsha
vasana vasatika vasco vassilios vasudha veda vedant vedhika vedika veit veli venancio venceslás vera verena veronika
veronique verónica vesna vicenta vicente victoriano victorino vidal vidhi vihaan viktor viktoria vilma vinaya
vincentio vincenza vincenzo vinicio vinko vinzenz viola violetta viraj virgilio viridiana visitación vitali vito
vittoria vittorio vitus vivaan viviana viviane vladimir vlado volker volkhard volkmar vrinda vrishti vritti vyanjana
víctor wahab waida wakeeta walburga waldemar waldtraut walentina walfried walli wally walther waltraud waltraut
waltrud warda warhi warinder warjas watika wazir wei wencke wendelin wenke wenzel wera werner wibke widisha wiebke
wieland wieslaw wigbert wilfredo wilfried wilfriede wilhelm wilhelmine willfried willi willibald willibert willy wilma
wiltrud winfried wishi witold wladimir wojciech woldemar wolf-dieter wolf-dietrich wolf-rüdiger wolfgang wolfhard
wolfram wriddhish wridesh wulf wálter xalak xaver xenia ximena xiomara xiti yachana yadavi yagnesh yago yahvi yaiza
yamini yasemin yash yashasvi yashawini yashica yashoda yashodhara yashvi yasmin yasti yasuhiro yatan yatin yauvani
yilmaz yochana yoichi yoko yoshita yosuke yug yui yuki yumiko yusuf yuta yutika yuvraj yésica yéssica zacarías zaid
zaida zaira zaitra zansi zarna zashil zayan zayyan zbigniew zdenka zdravko zehaan zehra zeki zeljko zenon zenta zeynep
zilmil zinal zlatko zofia zoltan zoraida zoran zoé áfrica ágata águeda álvaro ámbar ángel ángela ángeles áurea änne
édgar íngrid íñigo óscar úrsula
""".split()
)

# Words, places or firms too: taken for a name only in a context that says so.
AMBIGUOUS = frozenset(
    """
aimé alba ale alexa ali alma amber amparo ana angel april aria august aura aurora austin autumn baptist basilio bill
bina blake bob brandy brooke bruni candela capucine carolina charlotte chase chelsea chus clive consuelo coral cord
cruz crystal curt daisy dakota dale dawn dean destiny devon diamond diane dolores domingo don drew earl ebony eitel
engin ester eta faith fanny flora florence franco frank gala ganga gene georgia german gil glen grace gracia grant
grit guy hardy harm harsh hazel holly honoré hortensia hunter ina ira iris jackson jade jan jasmin jean jeanne jordan
joy june kamala kana kent kläre lea lee leon león lia lila lino logan lope lore lori lourdes lucky luna luz madison
mai mar marina marine mark marten mason max melody mercedes meta milan mina misty orlando parker pastor patty paz peer
penny perla pier pilar pía randy raven ray regina reyes ria rick riley roque rosa rose rosi salvador santiago santos
savannah serge sherry sierra socorro sol sole spencer sue summer sydney tanner tara taro troy trudel veer victoire
victoria violeta virginia warren wolf zita
""".split()
)
