"""Surnames of the US, the UK, Germany, France, India and Japan (in Latin letters).

From the locale lists of Faker (MIT licence), divided by whether a dictionary of English, German or French has the word.
"""

# In no dictionary, so that a capitalised word before one is likely a given name.
CLEAR = frozenset(
    """
doe abbott abdi abe acevedo acharya ackermann acosta adam adams adeyemi adkins adler adolph agarwal aggarwal agrawal
aguilar aguirre ahluwalia ahmed ahn ahuja akhtar albers alexander alexandre allain allan allard allison almeida
alvarado alvarez alves anand andersen anderson andra andrade andrews anne anthony antoine aoki arellano armstrong
arnaud arnold arora arslan arya ashley ashton atkins atkinson atwal atzler aubert aubry aumann austermühle avery avila
ayala aydın ayers babu bachmann badal badami bahl bahri bailey bailly baird bajaj bajwa bakker bakshi bala
balakrishnan balan balasubramanian balay baldwin bali ballard bandi banerjee banik bansal barad barajas baral baria
barkholz barlow barnes barnett barr barrett barron barry barth barthelemy bartlett barton basak basu batra batta
baudry bauer baum bautista bawa baxter bazin beasley becker beckmann bedi begum behl beier beltran benard benitez
bennett benoit benson benthin bentley benton bera bernier berthelot bertin bertrand besnard bevan beyer bhagat bhakta
bhalla bhandari bhardwaj bhargava bhasin bhat bhatia bhatnagar bhatt bhattacharyya bhatti bhavsar biggen binner bir
birnbaum biswas blackburn blackwell blanchard blankenship blevins blin bloch blümel boase bobal bodin bohlander
bohnbach bolander bolnbach bolton bolzmann bonbach bonilla bonneau bonnin booker boone borah borra bose bouchet
boucsein boulay bousquet boutin bowen boyd boyer boyle bradford bradley bradshaw brady brahmbhatt brandt brar brennan
briand briemer briggs brock brookes browne bruce bruder bruneau brunel bryan bryant buch buchanan buchholz buckley
budig bui bumb burch burgess burke burnett burton butala byrd byrne bähr bärer börner cain calderon caldwell calhoun
callahan camacho cameron campbell cantrell cantu cardenas carey carlier carlson carney caron carpentier carr carrillo
carroll carson carsten cartwright casey caspar castaneda castillo castro cervantes chacko chada chadha chadwick chahal
chakrabarti chakraborty chan chana chand chanda chander chandra chandran chaney chang chapman charles charlton
chartier chatterjee chaudhari chaudhary chaudhry chaudhuri chaudry chauhan chauveau chauvet chavez chawla cheema chen
cherian chevallier chhabra cho choi chokshi chopra choudhary choudhry choudhury chowdhury christensen christian
christoph chung cichorius cisneros clark clarke clayton clements cline coates cobb cochran coffey cohen cole coleman
coles collin collins comar compton conley conner connolly connor conrad conradi conway cooke cooley copeland cordova
cortez costa coste coulon cowan craig crawford crosby cuevas cummings cunningham curtis dalal daly dang dani daniel
daniels dara dasgupta datta daugherty dave davey david davids davidson davies davila davis davison dawson dayal decker
dehmel delacruz delahaye delannoy delattre delaunay deleon delgado delmas delorme demir denis dennis deo deol desai
descamps deschamps deshmukh deshpande devan devaux devi dewan dhaliwal dhar dhawan dhillon dhingra diallo dias diaz
dickerson dickinson dickson didier dietz dijoux dillon dippel ditschlerin dixit dixon dobes dobson dodd dodson doherty
dominguez donaldson donnelly donovan dorsey doshi dougherty dowerg doyle drewes drubin dua duarte dube dubey dubois
dudley duffy dufour dugal dugar duhamel dumas dumont duncan dunlap dunn dupont dupré dupuis dupuy duran durand durham
dutt dutta duval dyal döhn döring dörr dörschner eaton eberhardt ebert eberth eckbauer edwards edwin ehlert eimer
elliott ellis ellison endo english erickson esparza espinoza esposito estrada etzler etzold evans everett evrard ewing
fabre faivre farley farrell faulkner faure faust fechner feinberg ferguson fernandes fernandez ferrand ferrari
ferreira ferrell fiebig figueroa finke finley fischer fitzgerald fitzpatrick flantz fleming fletcher fleury fliegner
floyd flynn foley forbes forster foucher fouquet fowler francis franke franklin françois frazier frederick
freudenberger frey friedman fritsch frye fuentes fujii fujita fujiwara fukuda förster gaba gallagher gallegos gallet
galloway galvan gandhi ganesan ganesh ganguly garcia gardiner gardner garg garnier garrett garza gaudin gauthier
gautier gehringer geisel geisler geissler george georges gera gerlach gertz ghose ghosh gibbs gibson gierschner giess
gilbert giles gilles gillespie gillet gilmore gimenez girard giraud girschner glenn glover gnatz godard goddard
godfrey goel gokhale gola goldberg gole golla gomes gomez goncalves gonzales gonzalez goodman goodwin gopal gordon
gorlitz gosselin goswami goto gotthard gough gould goyal graf graham greene greenwood greer gregory grewal griffith
griffiths grover grégoire gröttner gude guerra guerrero guha guibert guichard guilbert guillet guillot guillou gulati
gumprich gunpf gupta gutierrez gutknecht guyon guzman guérin gérard haas haase haering hahn halder haley hamann hamel
hamilton hammond hamon hampton hancock handa hande haney hanna hans hansen hanson hardin harding hargreaves hari
harloff harmon harrell harrington harris harrison hartley hartman hartmann hartung harvey hasegawa hashimoto hassan
hatfield hauffer hawkins hayashi hayden hayer hayes haynes hayre hayward hebert hecker hegde heidrich heinrich heintze
heinz hellwig henck henderson hendricks hendriks hendrix henk henschel hensley henson hentschel herbert hering herman
hermann hermighausen hernandez herrera herrmann hertrampf hervé heser hess hesse hester hethur hettner heuser hewitt
heydrich hickman higgins hiller hilton hines hinton hoang hoarau hoareau hobbs hodge hodges hodgson hoffman hoffmann
hofmann holland holloway holmes holsten holzapfel hong hooper hoover hopkins hora horne hornich hornig horton houghton
houston howard howarth howe howell howells huang hubbard huber hubert hudson huet huffman hughes huhn humbert humphrey
humphreys humphries hurley hussain hutchinson huynh hwang hyde hänel häring höfig hölzenbecher hörle hövel hübel
ibarra ibrahim ikeda imbert ingram inoue iqbal irwin ishii ishikawa issac ito ivanov iyengar iyer jacob jacobs
jacobson jaggi jain james jang jani jansen jarvis jayaraman jefferson jenkins jennings jensen jeong jessel jha jhaveri
jimenez jockel johal johann johnson johnston joly jones jopich joshi joubert jourdan joyce juarez junck juncken
jungfer junitz junken jähn jäkel jäntsch jüttner kabus kadakia kade kakar kala kalita kalla kallert kambs kamdar kanda
kane kang kannan kant kapadia kapoor kapur kar kara karan kari karnik karpe karz kashyap kata kato kaufman kaul kaur
kay kaya keer keith keller kelley kelly kemp kennedy kensy kerr keudel khalsa khanna khare khatri khosla khurana kibe
kidd kim kimura kirby kirk kitzmann klemt kline klingelhöfer klotz knowles knox kobayashi kobelt kohl kohli konda
korpal koshy kostolzin kothari kovacs kowalski kramer kranz kraushaar krebs krein kreusel krish krishna krishnamurthy
krishnan kroker krueger kruschwitz kuhl kulkarni kumar kumer kunda kurian kuruvilla kusch kwon käster köhler köster
kühnert labbé lachmann lacombe lacroix ladeck lagarde lal lala lall lalla lambert lamy landry langern langlois lanka
laporte lara laroche larsen larson lata launay lawrence lawson leblanc lebon lebreton lebrun leclerc leclercq lecomte
leconte lecoq ledoux leduc lefebvre lefort lefèvre legendre legrand legros lehmann lejeune leleu lelièvre lemaire
lemaître lemoine lemonnier lenoir leonard leroux leroy lesage letellier levi levine lewis liebelt lim lindau lindner
lindsey liu livingston lloyd loiseau loke lombardi loos lopez lorch losekann lowe lowery lozano lucas lucero luthra
lutz lynn lyons lévy lévêque löchel löffler löwer lübs macdonald macias mack madan maddox maeda magar mahajan mahal
maharaj mahe mahmood mahoney majumdar maldonado malhotra mallick malone mammen mand mandal mangal mangat mangold mani
mann mannan marchal margraf marion marsden marshall martineau martinez marty mary massey masson mathews mathis matsuda
matsumoto matthews matthäi maurice maury mayer maynard mays mcbride mccall mccann mccarthy mccarty mcclain mcclure
mcconnell mccormick mccoy mccullough mcdaniel mcdonald mcdowell mcfarland mcgee mcgrath mcguire mcintosh mcintyre
mckay mckee mckenzie mckinney mcknight mclaughlin mclean mcmahon mcmillan mcneil mcpherson medina meister mejia
melendez mellor melton memon menard mende mendez mendoza mendès menon mensah mentzel mercado mercer merritt metcalfe
metz meyer meyers meza miah michael michaud michel middleton mielcarek minhas miranda mishra misicher misra mistry
mital mitchell mitra mitschke mittal mitter miura modi mody mohan mohanty mohaupt molina monnier monroe montgomery
montoya mooney moore mora moran morar morel moreno morgan mori morin morley morris morrison morton morvan mosemann
moses mosley moyer mude mueller mukherjee mukhopadhyay mullen muller mullins munoz munshi murakami murillo murphy
murray murthy murty mutti myers mälzer möchlichen mühle mülichen müller nadig nadkarni nagar nagarajan nagi nagy naidu
naik nair nakagawa nakajima nakamura nanda narain narang narasimhan narayan narayanan narula naser nash natarajan nath
natt navarro nayak nayar naylor nazareth neal nelson nerger neureuther neuschäfer newman nguyen nicholls nichols
nicholson nicolas nielsen niemeier nigam nishimura nixon noack nohlmans nolan nori norman norris norton novak nunez
o'brien o'connor o'donnell o'neill o'sullivan obrien ochoa oconnell oconnor oderwald odom odonnell oestrovsky ogawa
okada okafor okamoto oliveira oliver ollivier olsen olson oneal oneill oommen orozco orr ortega ortiz ortmann osborn
osborne ota otto owen owens oza pacheco padilla padmanabhan paffrath pai palla panchal pandey pandya parekh parikh
parkes parkin parmar parmer parrish parsa pasquier patberg patel pathak patil patla patrick patterson patton pau paul
payet payne pearce pearson pechel peltier pena pennington pereira perez pergande peri perkins peron perret perrier
perrin perrot perry petersen peterson petitjean petrov peukert pham phelps philippe phillips pichon pickering pieper
pillay pineda pingle pittman pitts plath pohl pollard pons poole potts powell prabhakar prabhu pradhan prakash prasad
prashad pratt preiss preston pritchard pruitt pruschke pruvost prévost pugh puri purohit pärtzelt pölitz quinn
radhakrishnan radisch raghavan rahman raj rajagopal rajagopalan rajan raju ramachandran ramakrishnan raman ramanathan
ramaswamy ramesh ramirez ramos ramsey rana randall randhawa randolph ranganathan rangel rao rasmussen rastogi ratta
ratti raval raymond raynaud reddy rees reese regnier reichmann reid reilly reinhardt reising renaud renault renner
reuter rey reynaud reynolds rhodes ribeiro richardson richmond riehl riggs rios riou ritter robbins roberson robert
robertson robinson robles robson rodgers rodrigues rodriguez rogge rohleder roht rojas rolland rollins romero rosales
rosario rosemann rosenberg rosenow roskoth ross rossi roth roussel rousset rowe rowland rowley roy royer rubio rudolph
ruiz ruppersberger ruppert russell russo ryan rädel rémy röhrdanz röhricht römer rörricht sabharwal sachar sachdev
sachdeva sagar saha sahni sahota saini saito sakamoto salazar salinas salvi salz sama sami sampath sampson samra
samson sanchez sanderson sandhu sandoval sanford sangha sanghvi sani sankar sankaran sant santana saraf saran sarin
sarkar sarma sarna sarraf sasaki sastry sathe sato saunders sawhney saxena schaaf schacht schaefer scheibe schenk
scheuermann schinke schleich schlosser schmidt schmidtke schmiedecke schmiedt schmitt schofield scholl scholtz scholz
schomber schottin schroeder schuchhardt schultz schulz schwartz schweitzer schwital schäfer schönland schüler scott
segebahn seguin sehgal seidel seifert seip sekhon sem sengupta seo serrano seshadri seth sethi setty sha shaffer shan
shankar shanker shannon sharaf sharma sharpe shaw shea shelton shenoy shepard sheppard shere sherman sheth shetty
shimizu shin shroff shukla sibal sidhu siering silva simmons simon simpson sinclair singh singhal sinha skinner slater
sloan snyder sodhi solanki solis solomon som soman soni sontag sood sorgatz sosa soto sousa speer spence spiess
sridhar srinivas srinivasan srivastava stadelmann stafford stahr stanley stanton staude steckel steele steinberg
stephens stephenson stevens stevenson stey stiebitz stiffel stoll strickland striebitz stroh stuart suarez subramaniam
subramanian sule sullivan sundaram sura suresh sutton suzuki swaminathan swamy swanson sweeney sykes söding sölzer
süssebier tak takahashi talbot talwar tanaka tandon taneja tanguy tapia tate taylor techer teixeira tella terrell
tessier texier textor thaker thakkar thakur thaman thanel thibault thierry thies thomas thompson thomson thornton
thorpe tintzmann tiwari tlustek todd tomlinson toor torres townsend traore trapp travis trevino tripathi trivedi
trommler trub trubin trujillo trupp tröst tschentscher turnbull turpin tyler täsche ullmann ullrich underwood upadhyay
uppal vaidya vala valdez valencia valenzuela valette vallet vance vang vargas varghese varkey varma varty varughese
vasquez vasseur vaughan vaughn vazquez vega velasquez velazquez velez venkataraman venkatesh verma vidal vig
villanueva villarreal villegas vincent virk visser viswanathan vo vogt vohra vollbrecht vora vu vyas wable wadhwa
wagenknecht wagle wagner wali walia walla wallace waller wallis walsh walter walters walton wang warner washington
wason watanabe watkins watson webb webster wei weihmann weimer weinhage weinhold weiss weitzel weller wernecke werner
wesack weston whitaker whitehead whitehouse whitney whittaker wiek wieloch wiggins wilcox wiley wilkerson wilkins
wilkinson williamson willis wilms wilmsen wilson winkler wirth wolfe wong woodard woodward wulf wulff wyatt wähner
yadav yamada yamaguchi yamamoto yamashita yamazaki yates yoder yohannan yoon york yoshida yılmaz zacharia zachariah
zahn zamora zavala zhang zhao ziegert zimmerman zirme zobel zorbach zuniga zänker çelik étienne öztürk şahin
""".split()
)

# Words too (brown, baker): taken for a name only after a given name or a title.
WORDS = frozenset(
    """
agate albert ali allen amble anders andre apte archer arias arroyo auger aurora austin bail bains baker bal ball banks
barbe barber barbier barker barman baron barre barrera bass bassi bates bath bava bean beard beck beer bell ben bender
benjamin berg berger bernard berry besson best bibi bien bigot birch bird bishop black blair blake blanc blanchet
blondel blot bond bonnet booth bora borde boucher boulanger bourdon bourgeois bouvet bouvier bowers bowman branch
braun bray breton brewer bridges bright brooks brown browning brun brunet buck buisson bull bullock burns burrows bush
butcher butler butte bègue cabrera campos camus cannon carpenter carre carter case chad chamberlain chambers chandler
char charpentier charrier chase chauvin cherry chevalier chrétien church clay clerc clément colas colin collet collier
colon combs contractor contreras cook cooper cordier courtois cousin couturier cox crane cross cruz curry dada dale
dalton dar das dash dass date davenport day dean deep dey din divan doctor dora douglas downs drake drub duke dyer
eigenwillig ernst escobar estes farmer field fields finch fisher flores flowers fontaine ford foster fournier fox
franco frank fraser freeman french fritz frost fry fröhlich fuller gade gaillard gaines gala gamble gara garde garner
garrison gates gay gentry germain gibbons gill glass goda golden good gour grant graves gray green grenier griffin
grimes grondin gros gross guillaume guillon gute guyot hale hall hardy harper hart hays heath hein henry herring hicks
hill hogan holden holder holt hood hope horn house huerta huff hull hunt hunter hurst jackson jacques jacquet jacquot
jean john johns jordan joseph julien junk kaiser kale karge kent key khan killer king klapp klein klemm knapp knappe
knight koch kondo kota kraus krause lad laine lam lamb lane lang lange laurent law leach lee lees leon lester levy lin
linke little logan lombard long lopes lord louis love loyal luna lynch léger mace madden maillard maillet maillot mall
mallet manda mander mane manne manning mans marchand marie marin marks marques marquez marsh martel martin martins
maréchal mason masse master mata mathieu maxwell may mayo meadows merchant mercier merle meunier mies miles miller
millet mills montes moody moon morales more moreau morrow morse moss moulin muni nette neveu newton noble normand
north noël oak olivier pace page pages pal palan pall palmer pandit pant parent paris park parker parkinson parks
parry parsons pascal peacock peck pelletier peters petit petty picard pierce pierre pillai pineau pinto pires poirier
ponce pope porter potier potter pottier poulain power powers price prince proctor putz rai raja ram rama rattan rau
ravel ravi ray read reed reeves rege renard reyes rice rich richard richards riddle riley ring rivas rivera rivers
rivière roach roberts robin rocha roche rocher roger rogers rogner roman rose rousseau rout roux rush rust sager salas
salmon sandal sanders sane santiago santos sauer sauvage savage savant sawyer scheel schneider schuster sellers sen
sexton shah sharp shepherd shields short sims singleton small smart smith snow sparks spears spencer stark stein
steuer stewart stokes stolze stone storey stout strong stumpf summers sunder sur suri swift säuberlich tailor tank
tanner tara tata terry toussaint tran trüb tucker turner vaillant valentin valentine vallée vasa verdier villa voisin
wade walker wall walls ward ware warmer warren warrior waters watts weaver weber weeks welch wells wende west wheeler
white williams winter winters wise wohlgemut wolf wood woods wright yang yogi young zimmer
""".split()
)
